/*
 * probe: asks the running kernel what it does with fork(), copy-on-write and get_user_pages().
 *
 *   cc -O2 -pthread -o probe probe.c
 *   probe [--allow-settings] [--state FILE]      answers the scenes on its standard input
 *   probe --restore --state FILE                 only puts back what a killed run left changed
 *
 * A coordinator, which never touches the memory under test, drives up to ten processes P0..P9 over sockets. It sends
 * one of them a system call or a memory access, waits for the outcome, and looks at page tables before and after. All
 * run on one CPU, so nothing happens between two lines.
 *
 * In:   `=== name` starts a scene with one fresh process P0; nothing of the scene before is left. Every other line is
 *       an operation: `P0 w a0 5` is done by process 0, `* gr 0 0` by the world outside. The table `operations` has
 *       them all. Blank lines and lines that begin with # are skipped.
 * Out:  First `# release=… arch=x86_64 frames=yes|no faults=… uring=… fuse=… loop=… swap=… ksm=…
 *       thp=always|madvise|never softdirty=… hugetlb=… userns=…`: what this run can see or use. Then, for every `no`, a
 *       line `# no swap: why`. Then every line of the input, an operation with ` -> answer`. Output is written whenever
 *       no further input is waiting, and at the end of every scene: a program can talk to the probe over two pipes.
 *
 * Answers: `ok`; the name of an errno; for a store `ok fF same|copy|new`, for a load `=V fF` (F page faults; what
 *       became of the frame under the address); `segv`, `sigbus`; and what is said at the operations. `noproc`: no
 *       such process. `exists`: there is one already. `unavailable`: the probe does not know the operation, or cannot
 *       have it here. `timeout`: no answer within five seconds; or none to be expected, from a parent that vfork()
 *       has suspended.
 *
 * Settings of the machine are changed only with --allow-settings, as root: zram or a file as swap, KSM, khugepaged, a
 * few huge pages, loop devices. Each change is noted in FILE before it is made and undone at the end, also when the end
 * is SIGINT, SIGTERM, SIGHUP or a closed pipe. After a SIGKILL the next start with the same FILE undoes it. What needs
 * no undoing: the FUSE file systems are mounted nowhere, the kernel detaches a loop device that nobody has open, and
 * the processes end with their sockets. All three go with the coordinator, however it ends.
 *
 * Left out: races between threads; read-only and short-term pins (`pin … r`, `pin … short`); NUMA. A region has pages
 * of 4 KiB or of 2 MiB in all processes of a scene, as its last `mmap` said. Without --allow-settings khugepaged may
 * put a split huge page together again at any moment.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/io_uring.h>
#include <linux/loop.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define HUGE (2ul << 20)
#define SLOTS 10 /* processes P0..P9 */
#define KEYS 4   /* pins, pipes and stalled reads are numbered 0..3 */
#define FILE_PAGES 8
#define LIMIT_MS 5000 /* how long the coordinator waits for anything */
#define RW (PROT_READ | PROT_WRITE)

/* Regions are aligned to 2 MiB and 256 MiB apart, so that the kernel never merges two of them. */
#define REGIONS 26
#define REGION_BASE 0x1000000000ul
#define REGION_SIZE 0x10000000ul

/* Descriptors with fixed numbers: the processes' ends of the sockets, and the pipe on which they report that a transfer
 * is over, which they find again after exec(); and those that only the coordinator has, from PRIVATE_FD on. */
enum { SLOT_FD = 100, DONE_FD = 120, PRIVATE_FD = 130, LAST_FD = 180 };

/* Newer than some of the C libraries that this should build with. */
enum { CALL_FSOPEN = 430, CALL_FSCONFIG, CALL_FSMOUNT, CALL_PIDFD_OPEN = 434, CALL_PIDFD_GETFD = 438 };
enum { CONFIG_STRING = 1, CONFIG_CREATE = 6 };
enum { ADVISE_COLD = 20, ADVISE_PAGEOUT = 21 };

typedef unsigned char byte;

/* ---- Small helpers ----------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t stopping; /* a signal asked the coordinator to clean up and leave */
static pid_t coordinator;
static sigset_t while_waiting;         /* the signals that are blocked inside wait_for(); elsewhere all of ours are */

static const char *error_name(int error) {
  static const struct { int number; const char *name; } known[] = {
    {EINVAL, "EINVAL"}, {ENOMEM, "ENOMEM"}, {EFAULT, "EFAULT"}, {EAGAIN, "EAGAIN"}, {EPERM, "EPERM"}, {EBUSY, "EBUSY"},
    {EACCES, "EACCES"}, {EEXIST, "EEXIST"}, {ENXIO, "ENXIO"}, {EIO, "EIO"}, {ENODEV, "ENODEV"}, {ENOSYS, "ENOSYS"},
    {ENOENT, "ENOENT"}, {ESRCH, "ESRCH"}, {ENOSPC, "ENOSPC"}, {EOPNOTSUPP, "EOPNOTSUPP"}, {EUSERS, "EUSERS"},
  };
  static char number[16];
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].number == error) return known[i].name;
  snprintf(number, sizeof number, "E%d", error);
  return number;
}

/* For what cannot fail unless a limit is in the way. What was changed is noted, and undone by the next start. */
static void die(const char *what) {
  fprintf(stderr, "probe: %s: %s\n", what, error_name(errno));
  exit(2);
}

/* Waits until one of the descriptors has something or a signal arrives. Returns what poll() returns. */
static int wait_for(struct pollfd *fds, nfds_t count, int ms) {
  struct timespec limit = {ms / 1000, ms % 1000 * 1000000l};
  return ppoll(fds, count, ms < 0 ? NULL : &limit, &while_waiting);
}

static void pause_ms(int ms) { wait_for(NULL, 0, ms); }

static int readable(int fd, int ms) { return wait_for(&(struct pollfd){fd, POLLIN, 0}, 1, ms) > 0; }

static long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Lets the others on this CPU go first; if that was not enough for a while, sleeps. */
static void give_way(int round) { if (round < 200) sched_yield(); else pause_ms(1); }

static int write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC), bad = fd < 0 || write(fd, text, strlen(text)) < 0, error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return bad ? -1 : 0;
}

/* The beginning of a small file; empty if it cannot be read. */
static char *read_text(const char *path) {
  static char text[512];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  text[n > 0 ? n : 0] = 0;
  return text;
}

static long read_number(const char *path) { return *read_text(path) ? atol(read_text(path)) : -1; }

static byte *new_pages(size_t size) { return mmap(NULL, size, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

/* A fresh page sits in a batch of its CPU, which holds a reference to it: before 5.18 that turns "same" into "copy".
 * MADV_COLD, on a page that nobody looks at, flushes the batch. */
static byte *bystander;
static void drain_lru_batch(void) { madvise(bystander, PAGE, ADVISE_COLD); }

/* ---- The tested process ------------------------------------------------------------------------------------------ */

enum { DO_CALL, DO_START, DO_LOAD, DO_STORE, DO_MEM_LOAD, DO_MEM_STORE, DO_CLEAR_REFS, DO_FORK, DO_VFORK, DO_SPAWN,
       DO_EXEC, DO_EXIT };

/* What the coordinator asks. Most operations are one system call: DO_CALL, or DO_START where it will block. Descriptors
 * have the same numbers in all processes. */
struct request {
  int what, sequence;
  int slot;              /* of a new process */
  long number;           /* the system call */
  unsigned long args[6]; /* its arguments; for a load or store the address and the value */
  int ranges[2];         /* which arguments (counted from 1) are to point to range[0] and range[1] */
  struct iovec range[2];
};

/* The result is a value or -errno; the signal is the one that a load or store was hit by. */
struct reply { int sequence, signal; long result, faults; };

static sigjmp_buf escape;
static volatile sig_atomic_t accessing;

static void on_fault(int signal) {
  if (accessing) siglongjmp(escape, signal);
  _exit(128 + signal);
}

/* What a process needs of its own: the handlers, and the page for drain_lru_batch(). */
static void prepare_process(void) {
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  bystander = new_pages(PAGE);
  *bystander = 1;
}

static long faults_so_far(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/* One load or store, and the faults that it took. What else the measurement touches, it has touched before. */
static void access_byte(const struct request *q, struct reply *a) {
  volatile byte *at = (byte *)q->args[0];
  if ((a->signal = sigsetjmp(escape, 0)) == 0) {
    accessing = 1;
    a->faults = faults_so_far();
    a->faults = faults_so_far();
    if (q->what == DO_STORE) *at = (byte)q->args[1];
    else a->result = *at;
    a->faults = faults_so_far() - a->faults;
  }
  accessing = 0;
}

/* The same through /proc/self/mem, which uses FOLL_FORCE. */
static long access_mem(const struct request *q) {
  byte value = (byte)q->args[1];
  off_t at = (off_t)q->args[0];
  int store = q->what == DO_MEM_STORE, fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : store ? pwrite(fd, &value, 1, at) : pread(fd, &value, 1, at);
  long result = n < 0 ? -errno : store ? 0 : value;
  if (fd >= 0) close(fd);
  return result;
}

static long do_call(struct request *q) {
  unsigned long *x = q->args;
  for (int i = 0; i < 2; i++)
    if (q->ranges[i]) x[q->ranges[i] - 1] = (unsigned long)&q->range[i];
  long result = syscall(q->number, x[0], x[1], x[2], x[3], x[4], x[5]);
  return result == -1 ? -errno : result;
}

static void *call_and_report(void *request) {
  long result = do_call(request);
  free(request);
  if (write(DONE_FD, &result, sizeof result) < 0) _exit(1);
  return NULL;
}

static long do_start(const struct request *q) {
  pthread_t thread;
  struct request *copy = malloc(sizeof *copy);
  *copy = *q;
  int error = pthread_create(&thread, NULL, call_and_report, copy);
  if (!error) pthread_detach(thread);
  return -error;
}

/* The same program again, which goes on with serve(); if a sequence number is given, it replies with that first. */
static void exec_probe(int slot, int sequence) {
  char process[32];
  snprintf(process, sizeof process, "%d %d", slot, sequence);
  execl("/proc/self/exe", "probe", "--process", process, (char *)NULL);
}

static void serve(int slot) __attribute__((noreturn));
struct birth { const struct request *q; int parent, error; };

/* The child of vfork() or spawn: on a stack of its own, in the address space of its suspended parent. A child of
 * vfork() tells the coordinator that it is there, for its parent cannot. */
static int borrow(void *shared) {
  struct birth *b = shared;
  if (b->q->what == DO_SPAWN) {
    exec_probe(b->q->slot, 0);
    b->error = errno;
    _exit(127);
  }
  struct reply a = {.sequence = b->q->sequence, .result = getpid()};
  if (send(SLOT_FD + b->parent, &a, sizeof a, 0) < 0) _exit(1);
  serve(b->q->slot);
}

static long lend(const struct request *q, int parent) {
  const size_t size = 256 << 10;
  struct birth b = {q, parent, 0};
  byte *stack = new_pages(size);
  int pid = stack == MAP_FAILED ? -1 : clone(borrow, stack + size, CLONE_VM | CLONE_VFORK | SIGCHLD, &b), error = errno;
  if (stack != MAP_FAILED) munmap(stack, size);
  return pid < 0 ? -error : b.error ? -b.error : pid;
}

static long do_fork(int slot) {
  pid_t pid = fork();
  if (pid == 0) serve(slot);
  return pid < 0 ? -errno : pid;
}

/* Does what is asked. Returns 0 if somebody else answers, or has answered. */
static int perform(int slot, struct request *q, struct reply *a) {
  switch (q->what) {
  case DO_CALL: a->result = do_call(q); break;
  case DO_START: a->result = do_start(q); break;
  case DO_LOAD: case DO_STORE: access_byte(q, a); break;
  case DO_MEM_LOAD: case DO_MEM_STORE: a->result = access_mem(q); break;
  case DO_CLEAR_REFS: a->result = write_text("/proc/self/clear_refs", "4") < 0 ? -errno : 0; break;
  case DO_FORK: a->result = do_fork(q->slot); break;
  case DO_SPAWN: a->result = lend(q, slot); break;
  case DO_VFORK: a->result = lend(q, slot); return a->result < 0;
  case DO_EXEC: exec_probe(slot, q->sequence); a->result = -errno; break;
  }
  return 1;
}

/* The life of a process: one request after the other, until it is told to exit or the coordinator is gone. */
static void serve(int slot) {
  struct request q = {.what = DO_CALL};
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* where Yama restricts ptrace, allow process_vm_readv() */
  while (q.what != DO_EXIT && recv(SLOT_FD + slot, &q, sizeof q, 0) == sizeof q) {
    struct reply a = {.sequence = q.sequence};
    drain_lru_batch();
    if (perform(slot, &q, &a) && send(SLOT_FD + slot, &a, sizeof a, 0) < 0) break;
  }
  _exit(0);
}

/* ---- What this run can see and use ------------------------------------------------------------------------------- */

enum feature { FRAMES, FAULTS, URING, FUSE, LOOP, SWAP, KSM, SOFTDIRTY, HUGETLB, USERNS, FEATURES };
static const char *const feature_name[] = {"frames", "faults", "uring", "fuse", "loop", "swap", "ksm", "softdirty",
                                           "hugetlb", "userns"};
static char lacking[FEATURES][240]; /* why it cannot be had; empty where it can */
static int allow_settings;          /* --allow-settings, and root */

static int have(enum feature f) { return !lacking[f][0]; }

/* Notes why; errno is added where it tells more. */
static void lack(enum feature f, const char *why) { snprintf(lacking[f], sizeof lacking[f], "%s", why); }
static void lack_errno(enum feature f, const char *why) {
  snprintf(lacking[f], sizeof lacking[f], "%s: %s", why, error_name(errno));
}

/* ---- Settings, and how they are undone --------------------------------------------------------------------------- */

/* A line for each change, in the order in which they are made: `set PATH VALUE` writes the value back, `swap PATH`
 * swaps off, `remove PATH` removes a file of ours. */
static char change[16][256];
static int changes;
static const char *state_file;

#define OUR_FILE "pinned-probe" /* what our files are called, or begin with */

/* Writes the list to the state file: under another name first, so that it is never half there. */
static int save_changes(void) {
  char temporary[4096];
  if (!state_file) return 0;
  snprintf(temporary, sizeof temporary, "%s.new", state_file);
  unlink(temporary);
  if (!changes) return unlink(state_file) < 0 && errno != ENOENT ? -1 : 0;
  int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), bad = fd < 0;
  for (int i = 0; i < changes && !bad; i++) bad = dprintf(fd, "%s\n", change[i]) < 0;
  bad = bad || fsync(fd);
  if (fd >= 0) close(fd);
  return bad ? -1 : rename(temporary, state_file);
}

/* Reads what an earlier run left. Returns 0 if there is something that another user wrote. */
static int load_changes(void) {
  struct stat s;
  FILE *f = state_file ? fopen(state_file, "re") : NULL;
  if (!f) return !state_file || errno == ENOENT;
  int ours = fstat(fileno(f), &s) == 0 && S_ISREG(s.st_mode) && s.st_uid == geteuid() && !(s.st_mode & 022);
  while (ours && changes < 16 && fscanf(f, "%255[^\n] ", change[changes]) == 1) changes++;
  fclose(f);
  return ours;
}

/* Notes a change that is about to be made. If it cannot be noted, it must not be made. */
static int note_change(const char *kind, const char *path, const char *value) {
  if (changes == 16) return -1;
  snprintf(change[changes++], sizeof *change, "%s %s %s", kind, path, value);
  return save_changes() < 0 ? changes--, -1 : 0;
}

static int change_setting(const char *path, const char *value) {
  char before[32];
  snprintf(before, sizeof before, "%.*s", (int)strcspn(read_text(path), "\n"), read_text(path));
  return !*before || note_change("set", path, before) < 0 ? -1 : write_text(path, value);
}

/* The state file is only a file: nothing is done that the probe cannot have noted there. */
static int undo_change(const char *line) {
  char kind[8], path[200], value[32] = "";
  if (sscanf(line, "%7s %199s %31s", kind, path, value) < 2 || strstr(path, "..")) return 0;
  if (!strcmp(kind, "set") && !strncmp(path, "/sys/", 5)) return write_text(path, value);
  if (!strcmp(kind, "swap") && swapoff(path) < 0) return errno == EINVAL || errno == ENOENT ? 0 : -1;
  if (!strcmp(kind, "remove") && strstr(path, "/" OUR_FILE) && unlink(path) < 0) return errno == ENOENT ? 0 : -1;
  return 0;
}

/* Undoes everything, the last change first. What cannot be undone stays noted. Returns how much that is. */
static int undo_changes(void) {
  for (int i = changes - 1; i >= 0; i--)
    if (undo_change(change[i]) < 0) fprintf(stderr, "probe: undo %s: %s\n", change[i], error_name(errno));
    else memmove(change[i], change[i + 1], (size_t)(--changes - i) * sizeof *change);
  if (save_changes() < 0) fprintf(stderr, "probe: write %s: %s\n", state_file, error_name(errno));
  return changes;
}

/* ---- io_uring: a fixed buffer is a long-term pin, and requests on it are the device's accesses ------------------- */

static struct ring {
  int fd;
  byte *map; /* of both rings */
  struct io_uring_sqe *sqe;
  struct io_uring_params p;
  unsigned long start, page_size; /* of the buffer that is registered */
} rings[KEYS];
static int device_file; /* the device's side of a transfer: one byte */

/* A descriptor that the processes must not have: one that kept /dev/fuse would keep a dead coordinator's transfers
 * waiting. */
static int keep_private(int fd) {
  int moved = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, PRIVATE_FD);
  if (fd >= 0) close(fd);
  return moved;
}

static int open_ring(struct ring *r) {
  r->fd = (int)syscall(SYS_io_uring_setup, 2, &r->p);
  if (r->fd < 0 || fcntl(r->fd, F_SETFD, 0) < 0) return -1; /* it stays open across exec() */
  size_t size = r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe);
  r->map = mmap(NULL, size, RW, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
  r->sqe = mmap(NULL, r->p.sq_entries * sizeof *r->sqe, RW, MAP_SHARED, r->fd, IORING_OFF_SQES);
  return r->map == MAP_FAILED || r->sqe == MAP_FAILED ? -1 : 0;
}

/* One byte between the device's file and a fixed buffer. Returns what the request returns. */
static int ring_transfer(struct ring *r, int op, unsigned long address) {
  uint32_t *tail = (uint32_t *)(r->map + r->p.sq_off.tail), *head = (uint32_t *)(r->map + r->p.cq_off.head);
  uint32_t slot = *tail & (r->p.sq_entries - 1), ended = *head & (r->p.cq_entries - 1);
  r->sqe[slot] = (struct io_uring_sqe){.opcode = (byte)op, .fd = device_file, .addr = address, .len = 1};
  ((uint32_t *)(r->map + r->p.sq_off.array))[slot] = slot;
  __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return -errno;
  int result = ((struct io_uring_cqe *)(r->map + r->p.cq_off.cqes))[ended].res;
  __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
  return result;
}

static long unregister(struct ring *r) {
  return syscall(SYS_io_uring_register, r->fd, IORING_UNREGISTER_BUFFERS, NULL, 0) < 0 ? -errno : 0;
}

static void open_rings(void) {
  struct iovec one = {bystander, PAGE};
  for (int i = 0; i < KEYS && have(URING); i++)
    if (open_ring(&rings[i]) < 0)
      lack_errno(URING, "io_uring is refused, see the sysctl kernel.io_uring_disabled and seccomp");
  if (have(URING) && syscall(SYS_io_uring_register, rings[0].fd, IORING_REGISTER_BUFFERS, &one, 1) < 0)
    lack_errno(URING, "io_uring registers no buffer, see ulimit -l");
  else if (have(URING)) unregister(&rings[0]);
}

/* ---- FUSE: files whose transfers end only when the scene says so ------------------------------------------------- */

/* Three file systems, so that what waits on one is never behind another: O_DIRECT writes, O_DIRECT reads, and the page
 * faults that stall remote reads. The first two have a loop device each, for the block layer's way. */
enum { WRITES, READS, FAULTS_OF_READS, MOUNTS };
static struct mount {
  int server, direct, loop; /* /dev/fuse, the file, the loop device on it; -1 if there is none */
  int busy;                 /* a transfer is in flight */
} mounts[MOUNTS] = {{-1, -1, -1, 0}, {-1, -1, -1, 0}, {-1, -1, -1, 0}};

/* A request of the kernel. */
static struct {
  struct fuse_in_header head;
  union { struct fuse_read_in read; struct fuse_write_in write; byte bytes[256 << 10]; };
} asked;

static void fuse_reply(struct mount *m, uint64_t unique, int error, const void *data, size_t size) {
  struct fuse_out_header head = {(uint32_t)(sizeof head + size), -error, unique};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, size}};
  if (writev(m->server, parts, 2) < 0) return; /* the one who asked is gone */
}

/* Takes the next request off the queue, and answers it unless it is a READ or a WRITE: these are the caller's. Returns
 * its opcode, or -1 if none comes in time. */
static int fuse_take(struct mount *m, int ms) {
  if (m->server < 0 || !readable(m->server, ms) || read(m->server, &asked, sizeof asked) < 0) return -1;
  const uint64_t for_long = 1 << 30, unique = asked.head.unique;
  const int opcode = (int)asked.head.opcode, directory = opcode == FUSE_GETATTR && asked.head.nodeid == FUSE_ROOT_ID;
  const struct fuse_attr file = {.ino = directory ? 1 : 2, .size = 1 << 30, .nlink = 1, .blksize = PAGE,
                                 .mode = directory ? S_IFDIR | 0755 : S_IFREG | 0666};
  const struct fuse_init_out init = {.major = 7, .minor = 31, .max_write = 128 << 10, .flags = FUSE_BIG_WRITES};
  const struct fuse_entry_out entry = {.nodeid = 2, .entry_valid = for_long, .attr_valid = for_long, .attr = file};
  const struct fuse_attr_out attr = {.attr_valid = for_long, .attr = file};
  const struct fuse_open_out open = {.open_flags = m == &mounts[FAULTS_OF_READS] ? 0 : FOPEN_DIRECT_IO};
  switch (opcode) {
  case FUSE_READ: case FUSE_WRITE: case FUSE_FORGET: case FUSE_BATCH_FORGET: case FUSE_INTERRUPT: break;
  case FUSE_INIT: fuse_reply(m, unique, 0, &init, sizeof init); break;
  case FUSE_LOOKUP: fuse_reply(m, unique, 0, &entry, sizeof entry); break;
  case FUSE_GETATTR: fuse_reply(m, unique, 0, &attr, sizeof attr); break;
  case FUSE_OPEN: fuse_reply(m, unique, 0, &open, sizeof open); break;
  case FUSE_RELEASE: fuse_reply(m, unique, 0, NULL, 0); break;
  default: fuse_reply(m, unique, ENOSYS, NULL, 0);
  }
  return opcode;
}

/* Ends a read: every page is `value`, then zeros. */
static void end_read(struct mount *m, uint64_t unique, uint32_t size, byte value) {
  static byte pages[128 << 10];
  if (size > sizeof pages) size = sizeof pages;
  for (uint32_t i = 0; i < size; i += PAGE) pages[i] = value;
  fuse_reply(m, unique, 0, pages, size);
}

/* Takes a request and ends it at once. */
static int fuse_serve(struct mount *m, int ms, byte value) {
  const int opcode = fuse_take(m, ms);
  const struct fuse_write_out out = {.size = asked.write.size};
  if (opcode == FUSE_READ) end_read(m, asked.head.unique, asked.read.size, value);
  if (opcode == FUSE_WRITE) fuse_reply(m, asked.head.unique, 0, &out, sizeof out);
  return opcode;
}

/* A FUSE file system that is mounted nowhere: it is gone when its last file is closed. Returns its root, or -1. */
static int fuse_mount(struct mount *m) {
  char server[16];
  const char *const options[][2] = {{"fd", server}, {"rootmode", "40000"}, {"user_id", "0"}, {"group_id", "0"}};
  m->server = keep_private(open("/dev/fuse", O_RDWR));
  int fs = m->server < 0 ? -1 : (int)syscall(CALL_FSOPEN, "fuse", 1), bad = fs < 0;
  snprintf(server, sizeof server, "%d", m->server);
  for (int i = 0; i < 4 && !bad; i++)
    bad = syscall(CALL_FSCONFIG, fs, CONFIG_STRING, options[i][0], options[i][1], 0) < 0;
  bad = bad || syscall(CALL_FSCONFIG, fs, CONFIG_CREATE, NULL, NULL, 0) < 0;
  int root = bad ? -1 : (int)syscall(CALL_FSMOUNT, fs, 1, 0), error = errno;
  if (fs >= 0) close(fs);
  errno = error;
  return root;
}

/* Puts a loop device on the file, which the kernel detaches when nobody has it open any more. */
static int attach_loop(int root) {
  char path[32];
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), n = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
  if (control >= 0) close(control);
  if (n < 0) return -1;
  snprintf(path, sizeof path, "/dev/loop%d", n);
  int loop = open(path, O_RDWR | O_DIRECT), file = openat(root, OUR_FILE, O_RDWR | O_CLOEXEC);
  struct loop_config config = {.fd = (uint32_t)file, .info = {.lo_flags = LO_FLAGS_AUTOCLEAR}};
  int bad = loop < 0 || file < 0 || ioctl(loop, LOOP_CONFIGURE, &config) < 0, error = errno;
  if (file >= 0) close(file);
  if (bad && loop >= 0) close(loop);
  errno = error;
  return bad ? -1 : loop;
}

static int moves_a_page(int fd) {
  void *page = new_pages(PAGE);
  int moved = fd >= 0 && pwrite(fd, page, PAGE, 0) == (ssize_t)PAGE && pread(fd, page, PAGE, 0) == (ssize_t)PAGE;
  munmap(page, PAGE);
  return moved;
}

/* What use_files() has opened, or why it could not. */
struct opened { int direct, loop, direct_error, loop_error; };

/* What its children do first: end with it, and close what only it may have. */
static void leave_coordinator(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != coordinator) _exit(0);
  for (int fd = PRIVATE_FD; fd < LAST_FD; fd++) close(fd);
}

/* The child that opens the files and tries them. Whoever uses them waits for the server: if the server itself did, and
 * were killed meanwhile, it would wait for ever. */
static void use_files(int root, int direct, int report) {
  struct opened o = {.loop = -1};
  leave_coordinator();
  o.direct = openat(root, OUR_FILE, O_RDWR | direct);
  if (o.direct < 0 || (direct && !moves_a_page(o.direct))) o.direct_error = errno ? errno : EIO;
  close(dup(o.direct)); /* the kernel asks once whether there is a FLUSH */
  if (direct && allow_settings && !o.direct_error && !moves_a_page(o.loop = attach_loop(root)))
    o.loop_error = errno ? errno : EIO;
  if (write(report, &o, sizeof o) < 0) _exit(1);
  for (;;) pause();
}

/* Takes a descriptor of a child, to be handed on to the processes. */
static int take_fd(int child, int fd) {
  int taken = fd < 0 ? -1 : (int)syscall(CALL_PIDFD_GETFD, child, fd, 0);
  return taken < 0 || fcntl(taken, F_SETFD, 0) < 0 ? -1 : taken;
}

static void serve_mounts(int ms) {
  for (int i = 0; i < MOUNTS; i++)
    while (fuse_serve(&mounts[i], i == MOUNTS - 1 ? ms : 0, 0) >= 0) continue;
}

static void open_mount(struct mount *m) {
  struct opened o = {-1, -1, ETIMEDOUT, ETIMEDOUT};
  int direct = m == &mounts[FAULTS_OF_READS] ? 0 : O_DIRECT, report[2], root = fuse_mount(m);
  if (root < 0) return lack_errno(FUSE, "no FUSE is mounted; it takes /dev/fuse, and root or a user namespace");
  pid_t pid = pipe(report) ? -1 : fork();
  if (pid == 0) use_files(root, direct, report[1]);
  int child = keep_private((int)syscall(CALL_PIDFD_OPEN, pid, 0));
  for (long end = now_ms() + LIMIT_MS; !readable(report[0], 0) && now_ms() < end; give_way(200)) serve_mounts(0);
  if (readable(report[0], 0) && read(report[0], &o, sizeof o) < 0) die("read");
  m->direct = take_fd(child, o.direct);
  m->loop = o.loop_error ? -1 : take_fd(child, o.loop);
  if (m->direct < 0) lack_errno(FUSE, "the file on FUSE cannot be had");
  else if (o.direct_error) errno = o.direct_error, lack_errno(FUSE, "the file on FUSE cannot be used");
  else if (direct && allow_settings && m->loop < 0)
    errno = o.loop_error, lack_errno(LOOP, "no loop device can be put on the FUSE file");
  kill(pid, SIGKILL);
  for (long end = now_ms() + LIMIT_MS; waitpid(pid, NULL, WNOHANG) == 0 && now_ms() < end;) serve_mounts(1);
  close(child), close(root), close(report[0]), close(report[1]);
}

static void open_mounts(void) {
  if (!allow_settings) lack(LOOP, "a loop device would be attached; takes root and --allow-settings");
  for (int i = 0; i < MOUNTS && have(FUSE); i++) open_mount(&mounts[i]);
  if (!have(FUSE)) lack(LOOP, "there is no FUSE file to put it on");
}

/* The servers go first: whatever the kernel still wants to know is answered ENOTCONN. */
static void close_mounts(void) {
  for (int i = 0; i < MOUNTS; i++) close(mounts[i].server), mounts[i].server = -1;
  for (int i = 0; i < MOUNTS; i++) close(mounts[i].loop);
}

/* ---- Swap, KSM, khugepaged, huge pages --------------------------------------------------------------------------- */

#define KSM_DIR "/sys/kernel/mm/ksm/"
#define THP_DIR "/sys/kernel/mm/transparent_hugepage/"
#define HUGE_DIR "/sys/kernel/mm/hugepages/hugepages-2048kB/"

/* An entry of /proc/PID/pagemap. The frame is 0 without root. */
enum { PRESENT = 63, SWAPPED = 62, OF_A_FILE = 61, MAPPED_ONCE = 56, SOFT_DIRTY = 55 };
#define FRAME(entry) ((entry) & ((1ull << 55) - 1))
enum { FLAG_HUGETLB = 17, FLAG_THP = 22, FLAG_ZERO = 24 }; /* of /proc/kpageflags */
static int own_map, frame_flags, frame_counts;             /* our own pagemap, /proc/kpageflags and /proc/kpagecount */

static uint64_t read_entry(int fd, uint64_t index) {
  uint64_t entry = 0;
  return pread(fd, &entry, sizeof entry, (off_t)(index * sizeof entry)) == sizeof entry ? entry : 0;
}

static int own_bit(void *page, int bit) { return read_entry(own_map, (uintptr_t)page / PAGE) >> bit & 1; }

/* Whether MADV_PAGEOUT turns a page into a swap entry. */
static int pages_go_out(void) {
  byte *page = new_pages(PAGE);
  int out = 0;
  for (int i = 0; i < 5 && !out; i++) {
    *page = 1;
    madvise(page, PAGE, ADVISE_PAGEOUT);
    out = own_bit(page, SWAPPED);
  }
  munmap(page, PAGE);
  return out;
}

/* Swaps to a device, or to a file that is made: the header is what mkswap writes. */
static int swap_to(const char *path, long megabytes, int flags) {
  static byte block[1 << 20];
  const uint32_t version_and_last_page[2] = {1, (uint32_t)(megabytes * 256 - 1)};
  int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600), bad = fd < 0;
  for (long i = 0; i < megabytes && flags && !bad; i++) bad = write(fd, block, sizeof block) < 0;
  memcpy(block + 1024, version_and_last_page, sizeof version_and_last_page);
  memcpy(block + PAGE - 10, "SWAPSPACE2", 10);
  bad = bad || pwrite(fd, block, PAGE, 0) < 0 || fsync(fd) < 0;
  if (fd >= 0) close(fd);
  memset(block, 0, PAGE);
  return bad || note_change("swap", path, "") < 0 || swapon(path, 0) < 0 ? -1 : 0;
}

/* zram is best: what is written there is gone from memory at once. A page that goes to a file stays in the swap cache
 * for a while, so that a store after it came back may be `copy` where zram gives `same`. */
static int swap_to_zram(void) {
  char size[64], reset[64], device[32];
  for (int n = 0; n < 4; n++) {
    snprintf(size, sizeof size, "/sys/block/zram%d/disksize", n);
    snprintf(reset, sizeof reset, "/sys/block/zram%d/reset", n);
    snprintf(device, sizeof device, "/dev/zram%d", n);
    if (read_number(size) == 0)
      return note_change("set", reset, "1") < 0 || write_text(size, "256M") < 0 ? -1 : swap_to(device, 256, 0);
  }
  return -1;
}

static int swap_to_file(void) {
  char path[200];
  snprintf(path, sizeof path, "%s/" OUR_FILE ".swap.%d", getenv("TMPDIR") ? getenv("TMPDIR") : "/var/tmp", getpid());
  return note_change("remove", path, "") < 0 ? -1 : swap_to(path, 64, O_CREAT | O_EXCL);
}

static void prepare_swap(void) {
  if (pages_go_out()) return;
  if (!allow_settings) return lack(SWAP, "no page goes out; takes swap that is on, or root and --allow-settings");
  if ((swap_to_zram() < 0 || !pages_go_out()) && (swap_to_file() < 0 || !pages_go_out()))
    lack_errno(SWAP, "neither a free zram device nor a file in $TMPDIR or /var/tmp takes a page");
}

static void prepare_ksm(void) {
  if (access(KSM_DIR "run", F_OK)) return lack(KSM, "the kernel has none (CONFIG_KSM)");
  if (!allow_settings) return lack(KSM, "its daemon would be set to work; takes root and --allow-settings");
  if (change_setting(KSM_DIR "run", "0") < 0) return lack_errno(KSM, "its settings cannot be changed");
  change_setting(KSM_DIR "sleep_millisecs", "1");
  change_setting(KSM_DIR "pages_to_scan", "20000");
}

static void prepare_hugetlb(void) {
  char wanted[32];
  snprintf(wanted, sizeof wanted, "%ld", read_number(HUGE_DIR "nr_hugepages") + 8);
  if (allow_settings) change_setting(HUGE_DIR "nr_hugepages", wanted);
  if (read_number(HUGE_DIR "free_hugepages") < 1)
    lack(HUGETLB, "no page of 2 MiB is free; takes vm.nr_hugepages, or root and --allow-settings");
}

/* khugepaged would put a split huge page together again. It sleeps the long interval only while it has something to
 * look at: hence the mapping, which stays. */
static void quieten_khugepaged(void) {
  if (!allow_settings || access(THP_DIR, F_OK)) return;
  byte *p = new_pages(2 * HUGE);
  madvise(p, 2 * HUGE, MADV_HUGEPAGE);
  madvise(p, 2 * HUGE, MADV_DONTFORK);
  memset(p, 1, 2 * HUGE);
  pause_ms(30);
  change_setting(THP_DIR "khugepaged/scan_sleep_millisecs", "100000000");
  pause_ms(30);
}

/* ---- A scene ----------------------------------------------------------------------------------------------------- */

static struct process {
  pid_t pid;   /* 0: none */
  int map;     /* its pagemap */
  int lent_to; /* the child of vfork() that it waits for, as its slot + 1 */
  int stuck;   /* it owes an answer */
} processes[SLOTS];
static struct stall { uint64_t request; int reader; unsigned long page; } stalls[KEYS]; /* remote reads in flight */
static int sockets[SLOTS], pipes[KEYS][2], done_fd, scene_file;
static byte huge[REGIONS]; /* which regions have pages of 2 MiB */

static char answer[1 << 16]; /* to the line at hand, as far as it goes */
static size_t said;
static struct reply got; /* the last that ask() waited for */

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  said += (size_t)vsnprintf(answer + said, sizeof answer - said, format, args);
  va_end(args);
  if (said >= sizeof answer) said = sizeof answer - 1;
}

static void say_result(long result) { say("%s", result < 0 ? error_name((int)-result) : "ok"); }

/* What lasts from scene to scene. */
static void open_stage(void) {
  int pair[2];
  for (int i = 0; i < SLOTS; i++) {
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) || dup2(pair[1], SLOT_FD + i) < 0) die("socketpair");
    sockets[i] = keep_private(pair[0]);
    close(pair[1]);
  }
  for (int i = 0; i < KEYS; i++)
    if (pipe(pipes[i]) || fcntl(pipes[i][0], F_SETFL, O_NONBLOCK)) die("pipe");
  if (pipe(pair) || dup2(pair[1], DONE_FD) < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK)) die("pipe");
  done_fd = keep_private(pair[0]);
  close(pair[1]);
  open_rings();
  open_mounts();
}

static void born(int slot, pid_t pid) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
  processes[slot] = (struct process){.pid = pid, .map = open(path, O_RDONLY | O_CLOEXEC)};
}

static void gone(int slot) {
  if (processes[slot].pid) close(processes[slot].map);
  processes[slot] = (struct process){0};
  for (int i = 0; i < SLOTS; i++)
    if (processes[i].lent_to == slot + 1) processes[i].lent_to = 0;
}

static void start_scene(void) {
  scene_file = memfd_create("scene", 0);
  if (ftruncate(scene_file, FILE_PAGES * PAGE)) die("memfd_create");
  for (byte i = 0; i < FILE_PAGES; i++)
    if (pwrite(scene_file, &(byte){50 + i}, 1, i * (off_t)PAGE) < 0) die("memfd_create");
  pid_t pid = fork();
  if (pid == 0) {
    leave_coordinator(); /* the descendants of this process see the end of their sockets */
    close(0), close(1);
    serve(0);
  }
  if (pid < 0) die("fork");
  born(0, pid);
}

/* Kills and reaps all processes, completing what they wait for. Returns 0 if one of them does not end. */
static int end_processes(void) {
  for (int i = 0; i < SLOTS; i++)
    if (processes[i].pid) kill(processes[i].pid, SIGKILL);
  for (int i = 0; i < KEYS; i++)
    if (stalls[i].request) end_read(&mounts[FAULTS_OF_READS], stalls[i].request, PAGE, 0);
  long end = now_ms() + LIMIT_MS;
  for (int round = 0, pid; (pid = waitpid(-1, NULL, WNOHANG)) >= 0; round++) {
    if (pid > 0) continue;
    if (round % 8 == 1) serve_mounts(0);
    give_way(round);
    if (now_ms() > end) return 0;
  }
  return 1;
}

static void end_scene(void) {
  byte page[PAGE];
  if (!end_processes()) {
    close_mounts(); /* ends whatever waits for us, and this run: the next one starts clean */
    fprintf(stderr, "probe: a process of the scene cannot be ended\n");
    stopping = SIGABRT;
  }
  for (int i = 0; i < SLOTS; i++) {
    gone(i);
    while (recv(sockets[i], page, PAGE, MSG_DONTWAIT) > 0 || recv(SLOT_FD + i, page, PAGE, MSG_DONTWAIT) > 0) continue;
  }
  for (int i = 0; i < KEYS; i++) {
    if (have(URING)) unregister(&rings[i]);
    while (read(pipes[i][0], page, PAGE) > 0) continue;
  }
  while (read(done_fd, page, PAGE) > 0) continue;
  for (int i = 0; i < MOUNTS; i++) mounts[i].busy = 0;
  memset(stalls, 0, sizeof stalls);
  memset(huge, 0, sizeof huge);
  close(scene_file);
}

/* Sends a request and waits for its reply. Returns 0 after saying `timeout`. */
static int ask(int slot, struct request q) {
  static int sequence;
  struct process *p = &processes[slot];
  q.sequence = ++sequence;
  int sent = !p->stuck && !p->lent_to && send(sockets[slot], &q, sizeof q, 0) == sizeof q;
  while (sent && readable(sockets[slot], LIMIT_MS) && recv(sockets[slot], &got, sizeof got, 0) == sizeof got)
    if (got.sequence == sequence) return 1;
  p->stuck = !p->lent_to;
  say("timeout");
  return 0;
}

/* ---- What processes do ------------------------------------------------------------------------------------------- */

struct place { unsigned long address, page_size; int region; };
struct line { /* one operation, with the operands that it has */
  int slot, other, key;
  byte value;
  struct place at, to;
  long number;
  unsigned long bytes;
  const char *word;
  long with; /* from the table of operations */
};

struct word { const char *name; long number; };
static const struct word protections[] = {{"none", PROT_NONE}, {"r", PROT_READ}, {"rw", RW}, {NULL, -1}};
static const struct word mappings[] = {
  {"priv", MAP_PRIVATE | MAP_ANONYMOUS}, {"shared", MAP_SHARED | MAP_ANONYMOUS}, {"pfile", MAP_PRIVATE},
  {"sfile", MAP_SHARED}, {"memfd", MAP_PRIVATE}, /* the scene's file is a memfd */
  {"hugetlb", MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << 26}, {NULL, -1}};
static const struct word advice[] = {
  {"dontneed", 4}, {"free", 8}, {"dontfork", 10}, {"dofork", 11}, {"mergeable", 12}, {"unmergeable", 13},
  {"hugepage", 14}, {"nohugepage", 15}, {"wipeonfork", 18}, {"keeponfork", 19}, {"cold", ADVISE_COLD},
  {"pageout", ADVISE_PAGEOUT}, {"populate_read", 22}, {"populate_write", 23}, {"collapse", 25}, {NULL, -1}};

static long look_up(const struct word *table, const char *name) {
  while (table->name && strcmp(table->name, name)) table++;
  return table->number;
}

/* A system call on the operands. Says what it answers; returns whether it worked. */
static int call(const struct line *l, unsigned long c, unsigned long d, unsigned long e) {
  struct request q = {.what = DO_CALL, .number = l->with, .args = {l->at.address, l->bytes, c, d, e}};
  if (!ask(l->slot, q)) return 0;
  say_result(got.result);
  return got.result >= 0;
}

static void op_range(const struct line *l) { call(l, 0, 0, 0); }

static void op_mmap(const struct line *l) {
  long flags = look_up(mappings, l->word);
  struct line sized = *l;
  if (flags < 0 || (flags & MAP_HUGETLB && !have(HUGETLB))) return;
  sized.bytes = (unsigned long)l->number * (flags & MAP_HUGETLB ? HUGE : PAGE);
  int fd = flags & MAP_ANONYMOUS ? -1 : scene_file;
  if (call(&sized, RW, (unsigned long)flags | MAP_FIXED, (unsigned long)fd))
    huge[l->at.region] = (flags & MAP_HUGETLB) != 0;
}

static void op_mprot(const struct line *l) {
  long protection = look_up(protections, l->word);
  if (protection >= 0) call(l, (unsigned long)protection, 0, 0);
}

static void op_madv(const struct line *l) {
  long what = look_up(advice, l->word);
  if (what >= 0 && (what != ADVISE_PAGEOUT || have(SWAP))) call(l, (unsigned long)what, 0, 0);
}

static void op_mremap(const struct line *l) {
  if (call(l, l->bytes, MREMAP_MAYMOVE | MREMAP_FIXED, l->to.address)) huge[l->to.region] = huge[l->at.region];
}

static uint64_t entry_of(int slot, unsigned long address) { return read_entry(processes[slot].map, address / PAGE); }

/* One byte, and for a store what became of the frame. */
static void op_byte(const struct line *l) {
  int store = l->with == DO_STORE || l->with == DO_MEM_STORE;
  uint64_t before = store ? entry_of(l->slot, l->at.address) : 0;
  if (!ask(l->slot, (struct request){.what = (int)l->with, .args = {l->at.address, l->value}})) return;
  if (got.signal) return say(got.signal == SIGBUS ? "sigbus" : "segv");
  if (got.result < 0 || store) say_result(got.result);
  else say("=%ld", got.result);
  if (have(FAULTS) && (l->with == DO_STORE || l->with == DO_LOAD)) say(" f%ld", got.faults);
  uint64_t frame = store && got.result >= 0 ? FRAME(entry_of(l->slot, l->at.address)) : 0;
  if (frame) say(!(before >> PRESENT & 1) ? " new" : FRAME(before) == frame ? " same" : " copy");
}

/* What has no operands, or one process. Says what it answers; returns whether it worked. */
static int order(const struct line *l) {
  if (!ask(l->slot, (struct request){.what = (int)l->with, .slot = l->other})) return 0;
  say_result(got.result);
  return got.result >= 0;
}

static void op_cr(const struct line *l) { order(l); }

/* fork, vfork, spawn */
static void op_child(const struct line *l) {
  if (processes[l->other].pid) return say("exists");
  if (!order(l)) return;
  born(l->other, (pid_t)got.result);
  if (l->with == DO_VFORK) processes[l->slot].lent_to = l->other + 1;
}

static void op_exec(const struct line *l) {
  pid_t pid = processes[l->slot].pid;
  if (order(l)) gone(l->slot), born(l->slot, pid);
}

/* Answered when the address space is gone: the process is a zombie; or it waits, while it closes a file, for a transfer
 * in flight, and has been asleep for 20 ms. */
static void op_exit(const struct line *l) {
  char path[48];
  long end = now_ms() + LIMIT_MS;
  snprintf(path, sizeof path, "/proc/%d/stat", processes[l->slot].pid);
  if (!ask(l->slot, (struct request){.what = (int)l->with})) return;
  for (int round = 0, asleep = 0; asleep < 20 && now_ms() < end; round++) {
    char *name_end = strrchr(read_text(path), ')'), state = name_end && name_end[1] ? name_end[2] : 'Z';
    if (state == 'Z' || state == 'X') break;
    asleep = round >= 200 && (state == 'D' || state == 'S') ? asleep + 1 : 0;
    give_way(round);
  }
  gone(l->slot);
  say(now_ms() < end ? "ok" : "timeout");
}

static void op_pin(const struct line *l) {
  struct ring *r = &rings[l->key];
  struct request q = {.what = DO_CALL, .number = l->with, .args = {(unsigned long)r->fd, IORING_REGISTER_BUFFERS, 0, 1},
                      .ranges = {3}, .range = {{(void *)l->at.address, l->bytes}}};
  if (!have(URING) || !ask(l->slot, q)) return;
  if (got.result >= 0) r->start = l->at.address, r->page_size = l->at.page_size;
  say_result(got.result);
}

static void op_vms(const struct line *l) {
  struct request q = {.what = DO_CALL, .number = l->with,
                      .args = {(unsigned long)pipes[l->key][1], 0, 1, SPLICE_F_NONBLOCK}, .ranges = {2},
                      .range = {{(void *)l->at.address, PAGE}}};
  if (ask(l->slot, q)) say_result(got.result);
}

/* Waits until a transfer is in flight, i.e. its request is there. If it is over instead, says so and returns 0. */
static int in_flight(int server) {
  struct pollfd p[2] = {{server, POLLIN, 0}, {done_fd, POLLIN, 0}};
  long result = -ETIMEDOUT;
  wait_for(p, 2, LIMIT_MS);
  if (!(p[1].revents & POLLIN) && p[0].revents & POLLIN) return 1;
  if (read(done_fd, &result, sizeof result) < 0) say("timeout");
  else say_result(result);
  return 0;
}

/* dw and dr: an O_DIRECT write or read that stays in flight. */
static void op_direct(const struct line *l) {
  struct mount *m = &mounts[l->with == SYS_pwrite64 ? WRITES : READS];
  int fd = !strcmp(l->word, "fuse") ? m->direct : !strcmp(l->word, "loop") ? m->loop : -1;
  struct request q = {.what = DO_START, .number = l->with, .args = {(unsigned long)fd, l->at.address, l->bytes, 0}};
  if (fd < 0) return;
  if (m->busy) return say("EBUSY");
  while (fuse_serve(m, 0, 0) >= 0) continue; /* somebody else has looked at the loop device */
  if (!ask(l->slot, q)) return;
  if (!(m->busy = in_flight(m->server))) return;
  pause_ms(1); /* by now the thread, and the block layer's worker, are asleep */
  say("inflight");
}

/* vmread a0 P1 K: process_vm_readv() into a page whose fault the FUSE server does not answer yet. */
static void op_vmread(const struct line *l) {
  static unsigned long offset; /* each has a page of its own, which cannot be in the page cache */
  struct mount *m = &mounts[FAULTS_OF_READS];
  struct stall *s = &stalls[l->key];
  struct request map = {.what = DO_CALL, .number = SYS_mmap,
                        .args = {0, PAGE, RW, MAP_PRIVATE, (unsigned long)m->direct, offset += PAGE}};
  if (!have(FUSE)) return;
  if (!processes[l->other].pid) return say("noproc");
  if (s->request) return say("EBUSY");
  if (!ask(l->slot, map)) return;
  if (got.result < 0) return say_result(got.result);
  struct request read_it = {.what = DO_START, .number = l->with,
                            .args = {(unsigned long)processes[l->other].pid, 0, 1, 0, 1, 0}, .ranges = {2, 4},
                            .range = {{(void *)got.result, 1}, {(void *)l->at.address, 1}}};
  *s = (struct stall){.reader = l->slot, .page = (unsigned long)got.result};
  if (!ask(l->slot, read_it) || !in_flight(m->server)) return;
  while (fuse_take(m, 0) != FUSE_READ)
    if (!in_flight(m->server)) return;
  s->request = asked.head.unique;
  say("inflight");
}

/* ---- What the world outside does --------------------------------------------------------------------------------- */

/* One page of a snapshot. Labels are given in order of first appearance. */
static void say_token(uint64_t entry, uint64_t *seen, int *labels) {
  uint64_t frame = FRAME(entry);
  int label = 0;
  char once = entry >> MAPPED_ONCE & 1 ? 'x' : '.';
  if (entry >> SWAPPED & 1) return say("S");
  if (!(entry >> PRESENT & 1)) return say("-");
  if (!frame) return say("?%c", once);
  uint64_t flags = read_entry(frame_flags, frame);
  if (flags >> FLAG_ZERO & 1) return say("Z");
  while (label < *labels && seen[label] != frame) label++;
  if (label == *labels) seen[(*labels)++] = frame;
  say(label < 26 ? "%c" : "<%d>", label < 26 ? 'A' + label : label);
  say("%c%d%s%s", once, (int)read_entry(frame_counts, frame), flags & (1 << FLAG_THP | 1 << FLAG_HUGETLB) ? "t" : "",
      entry >> OF_A_FILE & 1 ? "f" : "");
}

static void op_snap(const struct line *l) {
  static uint64_t seen[SLOTS * 512];
  int labels = 0;
  for (int slot = 0; slot < SLOTS && l->number <= 512; slot++) {
    if (!processes[slot].pid) continue;
    say("%sP%d=", said ? " " : "", slot);
    for (unsigned long at = 0; at < l->bytes; at += l->at.page_size) {
      if (at) say(",");
      say_token(entry_of(slot, l->at.address + at), seen, &labels);
    }
  }
}

/* gr and gw: for io_uring, the device writes what it reads to its file, and reads what it writes. */
static void op_device(const struct line *l) {
  struct ring *r = &rings[l->key];
  byte data = l->value;
  if (!have(URING) || pwrite(device_file, &data, 1, 0) < 0) return;
  int result = ring_transfer(r, (int)l->with, r->start + (unsigned long)l->number * r->page_size);
  if (result < 0 || l->with == IORING_OP_READ_FIXED) say_result(result);
  else if (pread(device_file, &data, 1, 0) == 1) say("=%d", data);
}

static void op_unpin(const struct line *l) {
  if (have(URING)) say_result(unregister(&rings[l->key]));
}

static void op_pr(const struct line *l) {
  byte page[PAGE];
  if (read(pipes[l->key][0], page, PAGE) > 0) say("=%d", page[0]);
  else say("empty");
}

/* Says the first byte of every page that a write delivers. */
static void say_written(void) {
  const byte *data = (byte *)(&asked.write + 1);
  for (uint32_t at = 0; at < asked.write.size; at += PAGE) say("%s=%d", said ? "," : "", data[at]);
}

/* dwend and drend V: serves the transfer, which may come in pieces, until it is over. If its process is gone, the
 * kernel has withdrawn it: there is none. */
static void op_end(const struct line *l) {
  struct mount *m = &mounts[l->with];
  struct pollfd p[2] = {{m->server, POLLIN, 0}, {done_fd, POLLIN, 0}};
  long result = 0;
  int served = 0, reported;
  if (!m->busy) return say("none");
  for (m->busy = 0; wait_for(p, 2, 200) > 0 && p[0].revents & POLLIN; served++)
    if (fuse_serve(m, 0, l->value) == FUSE_WRITE) say_written();
  reported = read(done_fd, &result, sizeof result) > 0;
  if (!served && !reported) return say("none");
  if (result < 0) said = 0;
  if (!said) say_result(result);
}

static void op_vmend(const struct line *l) {
  struct stall s = stalls[l->key];
  long result;
  if (!s.request) return say("none");
  stalls[l->key].request = 0;
  end_read(&mounts[FAULTS_OF_READS], s.request, PAGE, 0);
  if (!processes[s.reader].pid) return say("noproc");
  if (!readable(done_fd, LIMIT_MS) || read(done_fd, &result, sizeof result) < 0) return say("timeout");
  if (result < 0) return say_result(result);
  if (!ask(s.reader, (struct request){.what = DO_LOAD, .args = {s.page}})) return;
  say("=%ld", got.result);
  ask(s.reader, (struct request){.what = DO_CALL, .number = l->with, .args = {s.page, PAGE}});
}

/* ksm and unksm: some full scans, or everything is unmerged. */
static void op_ksm(const struct line *l) {
  long first = read_number(KSM_DIR "full_scans"), end = now_ms() + LIMIT_MS;
  if (!have(KSM) || write_text(KSM_DIR "run", l->with ? "1" : "2") < 0) return;
  while (l->with && read_number(KSM_DIR "full_scans") < first + l->with && now_ms() < end && !stopping) pause_ms(1);
  write_text(KSM_DIR "run", "0");
  say(now_ms() < end ? "ok" : "timeout");
}

static void op_settle(const struct line *l) {
  pause_ms((int)l->with);
  say("ok");
}

/* ---- The operations, and reading a line -------------------------------------------------------------------------- */

/* Who (a process or *), the name, the operands: p and q a page such as a0 or a0+64, m a region, n a number of pages or
 * of a page, v a byte, k a number 0..3, s a process, w a word. */
static const struct operation {
  char who;
  const char *name, *operands;
  void (*run)(const struct line *);
  long with;
} operations[] = {
  {'P', "mmap", "mnw", op_mmap, SYS_mmap},        /* mmap a 2 priv|shared|pfile|sfile|memfd|hugetlb */
  {'P', "munmap", "pn", op_range, SYS_munmap},    /* munmap a0 2 */
  {'P', "mremap", "pnq", op_mremap, SYS_mremap},  /* mremap a0 2 b0: to a fixed place */
  {'P', "mlock", "pn", op_range, SYS_mlock},
  {'P', "munlock", "pn", op_range, SYS_munlock},
  {'P', "mprot", "pnw", op_mprot, SYS_mprotect},  /* mprot a0 2 none|r|rw */
  {'P', "madv", "pnw", op_madv, SYS_madvise},     /* madv a0 2 dontneed|…, see `advice` */
  {'P', "w", "pv", op_byte, DO_STORE},            /* w a0 5 */
  {'P', "r", "p", op_byte, DO_LOAD},
  {'P', "mw", "pv", op_byte, DO_MEM_STORE},       /* through /proc/self/mem */
  {'P', "mr", "p", op_byte, DO_MEM_LOAD},
  {'P', "cr", "", op_cr, DO_CLEAR_REFS},          /* clears the soft-dirty bits */
  {'P', "fork", "s", op_child, DO_FORK},          /* fork P1 */
  {'P', "vfork", "s", op_child, DO_VFORK},        /* P1 has the address space until it execs or exits */
  {'P', "spawn", "s", op_child, DO_SPAWN},        /* vfork and exec in one */
  {'P', "exec", "", op_exec, DO_EXEC},
  {'P', "exit", "", op_exit, DO_EXIT},
  {'P', "pin", "pnk", op_pin, SYS_io_uring_register}, /* pin a0 2 0: fixed buffer 0; EBUSY if there is one */
  {'P', "vms", "pk", op_vms, SYS_vmsplice},       /* vms a0 0: one page into pipe 0 */
  {'P', "dw", "pnw", op_direct, SYS_pwrite64},    /* dw a0 2 fuse|loop: `inflight`; EBUSY if one is */
  {'P', "dr", "pnw", op_direct, SYS_pread64},     /* the same; dw and dr may both be in flight */
  {'P', "vmread", "psk", op_vmread, SYS_process_vm_readv}, /* vmread a0 P1 0: `inflight` or why not */
  {'*', "snap", "pn", op_snap, 0},                /* `P0=Ax1,- P1=…`: see say_token() */
  {'*', "gr", "kn", op_device, IORING_OP_WRITE_FIXED}, /* gr 0 1: the device reads page 1 of pin 0 */
  {'*', "gw", "knv", op_device, IORING_OP_READ_FIXED}, /* gw 0 1 77: the device writes it */
  {'*', "unpin", "k", op_unpin, 0},
  {'*', "pr", "k", op_pr, 0},                     /* reads one page from a pipe; `empty` */
  {'*', "dwend", "", op_end, WRITES},             /* `=V,=V`: what the device got; `none` */
  {'*', "drend", "v", op_end, READS},             /* what the device delivers into every page */
  {'*', "vmend", "k", op_vmend, SYS_munmap},      /* `=V`: what the stalled read got; `none`; `noproc` */
  {'*', "ksm", "", op_ksm, 4},                    /* as many full scans */
  {'*', "unksm", "", op_ksm, 0},                  /* unmerges everything */
  {'*', "settle", "", op_settle, 50},             /* waits as many milliseconds */
  {0, NULL, NULL, NULL, 0},
};

static int parse_slot(const char *word) {
  return word && word[0] == 'P' && word[1] >= '0' && word[1] <= '9' && !word[2] ? word[1] - '0' : -1;
}

/* Reads a0, a0+64 or, for a region, a. */
static int parse_place(const char *word, struct place *p) {
  unsigned long index = 0, offset = 0;
  char letter;
  int end = 1;
  sscanf(word, "%c%lu%n+%lu%n", &letter, &index, &end, &offset, &end);
  p->region = letter - 'a';
  if (word[end] || p->region < 0 || p->region >= REGIONS) return 0;
  p->page_size = huge[p->region] ? HUGE : PAGE;
  p->address = REGION_BASE + (unsigned long)p->region * REGION_SIZE + index * p->page_size + offset;
  return index < REGION_SIZE / p->page_size && offset < p->page_size;
}

/* Reads one operand. Returns 0 if it is none of that kind. */
static int parse_operand(char kind, const char *word, struct line *l) {
  char *end;
  long number = strtol(word, &end, 10), whole = *word >= '0' && *word <= '9' && !*end;
  switch (kind) {
  case 'm': case 'p': return parse_place(word, &l->at) && (kind == 'm') == !word[1];
  case 'q': return parse_place(word, &l->to) && word[1];
  case 'n': l->number = number, l->bytes = (unsigned long)number * l->at.page_size; return whole && number <= 1 << 16;
  case 'v': l->value = (byte)number; return whole && number <= 255;
  case 'k': l->key = (int)number; return whole && number < KEYS;
  case 's': return (l->other = parse_slot(word)) >= 0;
  default: l->word = word; return 1;
  }
}

static void answer_line(const char *text) {
  char copy[256], *rest, *who, *name, *word;
  struct line l = {0};
  snprintf(copy, sizeof copy, "%s", text);
  who = strtok_r(copy, " \t", &rest), name = strtok_r(NULL, " \t", &rest);
  l.slot = parse_slot(who);
  said = 0, answer[0] = 0;
  drain_lru_batch();
  const struct operation *o = operations;
  while (o->name && (!name || strcmp(o->name, name) || (o->who == '*' ? strcmp(who, "*") : l.slot < 0))) o++;
  const char *kind = o->name ? o->operands : "?";
  while (*kind && (word = strtok_r(NULL, " \t", &rest)) && parse_operand(*kind, word, &l)) kind++;
  if (*kind || strtok_r(NULL, " \t", &rest)) say("unavailable");
  else if (o->who == 'P' && !processes[l.slot].pid) say("noproc");
  else l.with = o->with, o->run(&l);
  if (!stopping) printf("%s -> %s\n", text, said || o->run == op_snap ? answer : "unavailable");
}

/* ---- The beginning and the end ----------------------------------------------------------------------------------- */

static void on_stop(int signal) { stopping = signal; }

/* Signals get in only inside wait_for(), so that no clean-up is interrupted. The processes inherit that: a Ctrl-C is
 * for the coordinator, which ends them. */
static void catch_signals(void) {
  const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  struct sigaction action = {.sa_handler = on_stop};
  sigset_t ours;
  sigemptyset(&ours);
  for (int i = 0; i < 4; i++) sigaction(signals[i], &action, NULL), sigaddset(&ours, signals[i]);
  sigprocmask(SIG_BLOCK, &ours, &while_waiting);
  for (int i = 0; i < 4; i++) sigdelset(&while_waiting, signals[i]);
  signal(SIGPIPE, SIG_IGN);
}

/* Only one probe at a time may change settings. The lock is a name that goes with the one who holds it. */
static int lock_settings(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0" OUR_FILE};
  int lock = keep_private(socket(AF_UNIX, SOCK_DGRAM, 0));
  for (long end = now_ms() + 2000; now_ms() < end; pause_ms(20))
    if (bind(lock, (struct sockaddr *)&name, sizeof(sa_family_t) + sizeof OUR_FILE) == 0) return 1;
  return 0;
}

/* Everything stays on one CPU: the first that we may use. */
static void use_one_cpu(void) {
  cpu_set_t all, one;
  int cpu = 0;
  CPU_ZERO(&one);
  if (sched_getaffinity(0, sizeof all, &all)) return;
  while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &all)) cpu++;
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
}

/* A user becomes root of a user namespace of its own, in which FUSE can be mounted. */
static void enter_user_namespace(void) {
  char users[32], groups[32];
  snprintf(users, sizeof users, "0 %u 1", geteuid());
  snprintf(groups, sizeof groups, "0 %u 1", getegid());
  if (geteuid() == 0) return lack(USERNS, "root needs none");
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) return lack_errno(USERNS, "none can be entered");
  write_text("/proc/self/setgroups", "deny");
  if (write_text("/proc/self/uid_map", users) || write_text("/proc/self/gid_map", groups))
    lack_errno(USERNS, "the user cannot be root in it");
}

static void look_around(void) {
  byte *page = new_pages(PAGE);
  struct request q = {.what = DO_STORE, .args = {(unsigned long)page}};
  struct reply r = {0};
  own_map = keep_private(open("/proc/self/pagemap", O_RDONLY));
  frame_flags = keep_private(open("/proc/kpageflags", O_RDONLY));
  frame_counts = keep_private(open("/proc/kpagecount", O_RDONLY));
  access_byte(&q, &r);
  if (r.faults != 1) lack(FAULTS, "a first write is not counted as one page fault");
  if (!FRAME(read_entry(own_map, (uintptr_t)page / PAGE)) || frame_flags < 0 || frame_counts < 0)
    lack(FRAMES, "page frames are hidden from users; takes root");
  write_text("/proc/self/clear_refs", "4");
  int clean = !own_bit(page, SOFT_DIRTY);
  *page = 2;
  if (!clean || !own_bit(page, SOFT_DIRTY)) lack(SOFTDIRTY, "the kernel has none (CONFIG_MEM_SOFT_DIRTY)");
  munmap(page, PAGE);
}

static void print_features(void) {
  struct utsname name;
  char mode[16] = "never", *chosen = strchr(read_text(THP_DIR "enabled"), '[');
  if (chosen) sscanf(chosen, "[%15[a-z]", mode);
  uname(&name);
  printf("# release=%s arch=%s", name.release, name.machine);
  for (int f = 0; f < FEATURES; f++) {
    if (f == SOFTDIRTY) printf(" thp=%s", mode);
    printf(" %s=%s", feature_name[f], have(f) ? "yes" : "no");
  }
  printf("\n");
  for (int f = 0; f < FEATURES; f++)
    if (!have(f)) printf("# no %s: %s\n", feature_name[f], lacking[f]);
}

/* The next line of the input, or NULL at its end. What was answered is written before more is waited for. */
static char *next_line(void) {
  static char text[4096];
  static size_t begin, end;
  struct pollfd p[2] = {{0, POLLIN, 0}, {1, 0, 0}};
  for (;;) {
    char *line = text + begin, *newline = memchr(line, '\n', end - begin);
    if (newline) {
      *newline = 0;
      begin = (size_t)(newline + 1 - text);
      return line;
    }
    memmove(text, line, end -= begin);
    begin = 0;
    if (poll(p, 2, 0) == 0 && fflush(stdout) == 0) wait_for(p, 2, -1);
    if (stopping || ferror(stdout) || p[1].revents & POLLERR || end == sizeof text - 1) return NULL;
    ssize_t n = read(0, text + end, sizeof text - 1 - end);
    if (n <= 0 && !end) return NULL;
    if (n <= 0) text[end] = '\n', n = 1; /* the last line may lack its end */
    end += (size_t)n;
  }
}

static void answer_scenes(void) {
  int alive = 0;
  for (char *line; !stopping && (line = next_line()); ) {
    line += strspn(line, " \t");
    line[strcspn(line, "\r")] = 0;
    if (!*line || *line == '#') continue;
    int title = !strncmp(line, "===", 3);
    if (alive && title) fflush(stdout), end_scene();
    if (!alive || title) start_scene();
    alive = 1;
    if (title) printf("%s\n", line);
    else answer_line(line);
  }
  fflush(stdout);
  if (alive) end_scene();
}

/* After exec(): see exec_probe(). */
static int continue_process(const char *process) {
  struct reply a = {0};
  int slot;
  if (sscanf(process, "%d %d", &slot, &a.sequence) != 2) return 2;
  prepare_process();
  if (a.sequence && send(SLOT_FD + slot, &a, sizeof a, 0) < 0) return 2;
  serve(slot);
}

static int complain(const char *why) {
  fprintf(stderr, "probe: %s\n", why);
  return 2;
}

int main(int argc, char **argv) {
  int restore = 0;
  if (argc == 3 && !strcmp(argv[1], "--process")) return continue_process(argv[2]);
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--allow-settings")) allow_settings = geteuid() == 0;
    else if (!strcmp(argv[i], "--restore")) restore = 1;
    else if (!strcmp(argv[i], "--state") && argv[i + 1]) state_file = argv[++i];
    else return complain("it is: probe [--allow-settings] [--state FILE], or probe --restore --state FILE");
  }
  coordinator = getpid();
  catch_signals();
  if (!load_changes()) {
    if (restore || allow_settings) return complain("another user wrote the state file, and must restore what it says");
    state_file = NULL;
  }
  if ((allow_settings || changes) && !lock_settings())
    return complain("another probe changes settings; wait until it ends");
  if (undo_changes() || restore) return changes != 0;
  use_one_cpu();
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  enter_user_namespace();
  prepare_process();
  device_file = keep_private(memfd_create("device", 0));
  if (ftruncate(device_file, PAGE)) die("memfd_create");
  look_around();
  quieten_khugepaged();
  prepare_swap();
  prepare_ksm();
  prepare_hugetlb();
  open_stage();
  print_features();
  answer_scenes();
  close_mounts();
  return undo_changes() ? 1 : stopping ? 128 + stopping : 0;
}
