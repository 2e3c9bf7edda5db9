/* Whatever else holds references to pages: io_uring's fixed buffers, pipes, and files on FUSE whose transfers
 * end only when the scene says so. */
#include "probe.h"
#include <linux/fuse.h>
#include <linux/io_uring.h>
#include <linux/loop.h>
#include <sys/ioctl.h>

/* ---- Pipes; and io_uring: a fixed buffer is a long-term pin, a request on it is the device's access ---- */

static struct ring { /* with room for one request */
  int fd;
  byte *map; /* of both rings */
  struct io_uring_sqe *request;
  struct io_uring_params p;
  long start; /* of the buffer that is registered */
} rings[KEYS];
static int pipes[KEYS][2], device_file; /* the device's side of a transfer: one byte */

static long unregister(struct ring *r) {
  return syscall(SYS_io_uring_register, r->fd, IORING_UNREGISTER_BUFFERS, NULL, 0) < 0 ? -errno : 0;
}

/* One byte between the device's file and a fixed buffer. Returns what the request returns. */
static int ring_transfer(struct ring *r, int op, long at) {
  uint32_t *tail = (uint32_t *)(r->map + r->p.sq_off.tail), *head = (uint32_t *)(r->map + r->p.cq_off.head);
  *r->request = (struct io_uring_sqe){.opcode = (byte)op, .fd = device_file, .addr = (uint64_t)at, .len = 1};
  __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
  if (syscall(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0) return -errno;
  int result = ((struct io_uring_cqe *)(r->map + r->p.cq_off.cqes))[*head & (r->p.cq_entries - 1)].res;
  __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
  return result;
}

void op_pin(const struct line *l) {
  struct ring *r = &rings[l->key];
  if (lacking[URING]) return;
  CALL(SYS_io_uring_register, r->fd, IORING_REGISTER_BUFFERS, RANGE, 1);
  request.range = (struct iovec){(void *)l->at, (size_t)(l->number * PAGE)};
  tell(l->slot);
  if (reply.result >= 0) r->start = l->at;
}

void op_unpin(const struct line *l) {
  if (!lacking[URING]) say_result(unregister(&rings[l->key]));
}

/* gr and gw: for io_uring, the device writes what it reads to its file, and reads what it writes. */
void op_device(const struct line *l) {
  byte data = l->value;
  if (lacking[URING] || pwrite(device_file, &data, 1, 0) < 0) return;
  int result = ring_transfer(&rings[l->key], (int)l->with, rings[l->key].start + l->number * PAGE);
  if (result < 0 || l->with == IORING_OP_READ_FIXED) say_result(result);
  else if (pread(device_file, &data, 1, 0) == 1) say("=%d", data);
}

void op_vms(const struct line *l) {
  CALL(SYS_vmsplice, pipes[l->key][1], RANGE, 1, SPLICE_F_NONBLOCK);
  request.range = (struct iovec){(void *)l->at, PAGE};
  tell(l->slot);
}

/* pr and tee: the next page of a pipe, which a copy of the pipe leaves there. */
void op_pr(const struct line *l) {
  byte page[PAGE];
  int copy[2] = {-1, -1};
  if (l->with && (pipe(copy) || tee(pipes[l->key][0], copy[1], PAGE, SPLICE_F_NONBLOCK) <= 0)) say("empty");
  else if (read(l->with ? copy[0] : pipes[l->key][0], page, PAGE) > 0) say("=%d", page[0]);
  else say("empty");
  close(copy[0]), close(copy[1]);
}

/* ---- FUSE: a file system is a single file, and mounted nowhere: it is gone when the coordinator is ---- */

/* Three, so that what waits on one is never behind another: O_DIRECT writes, O_DIRECT reads, and the page
 * faults that stall remote reads. The first two have a loop device each, for the block layer's way. */
enum { WRITES, READS, STALLS, MOUNTS };
static struct mount {
  int server, place; /* in the coordinator: /dev/fuse, and where the file is to be opened */
  int file, loop;    /* in the others: the file, and the loop device on it */
  int busy;          /* a transfer is in flight */
} mounts[MOUNTS];

int *files_of_processes(int i) {
  return i < MOUNTS ? &mounts[i].file : i < 2 * MOUNTS ? &mounts[i - MOUNTS].loop : NULL;
}

/* The request of the kernel that was taken last. */
static struct {
  struct fuse_in_header head;
  union { struct fuse_read_in read; struct fuse_write_in write; byte bytes[256 << 10]; };
} asked;

static void answer(struct mount *m, uint64_t unique, int error, const void *data, size_t size) {
  struct fuse_out_header head = {(uint32_t)(sizeof head + size), error, unique};
  struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, size}};
  if (writev(m->server, parts, 2) < 0) return; /* whoever asked is gone */
}

/* Ends a read: every page is `value`, then zeros. */
static void end_read(struct mount *m, uint64_t unique, uint32_t size, int value) {
  static byte pages[128 << 10];
  for (uint32_t i = 0; i < size; i += PAGE) pages[i] = (byte)value;
  answer(m, unique, 0, pages, size);
}

enum { KEEP = -1 };
/* Takes the next request and answers it: a READ with `value`, or if that is KEEP, not yet. Returns its
 * opcode, or -1 if there is none. */
static int serve_request(struct mount *m, int value) {
  if (!readable(m->server, 0) || read(m->server, &asked, sizeof asked) <= 0) return -1;
  const uint64_t unique = asked.head.unique;
  const struct fuse_init_out init = {.major = 7, .minor = 31, .flags = FUSE_BIG_WRITES, .max_write = 1 << 17};
  const struct fuse_attr file = {.ino = 1, .size = 1 << 30, .nlink = 1, .mode = S_IFREG | 0666};
  const struct fuse_attr_out attr = {.attr_valid = 1 << 30, .attr = file};
  const struct fuse_open_out open = {.open_flags = m == &mounts[STALLS] ? 0 : FOPEN_DIRECT_IO};
  const struct fuse_write_out written = {.size = asked.write.size};
  switch (asked.head.opcode) {
  case FUSE_INIT: answer(m, unique, 0, &init, sizeof init); break;
  case FUSE_GETATTR: answer(m, unique, 0, &attr, sizeof attr); break;
  case FUSE_OPEN: answer(m, unique, 0, &open, sizeof open); break;
  case FUSE_READ: if (value != KEEP) end_read(m, unique, asked.read.size, value); break;
  case FUSE_WRITE: answer(m, unique, 0, &written, sizeof written); break;
  case FUSE_RELEASE: answer(m, unique, 0, NULL, 0); break;
  case FUSE_FORGET: case FUSE_BATCH_FORGET: case FUSE_INTERRUPT: break;
  default: answer(m, unique, -ENOSYS, NULL, 0);
  }
  return (int)asked.head.opcode;
}

void serve_files(void) {
  for (struct mount *m = mounts; m < mounts + MOUNTS; m++)
    while (serve_request(m, 0) >= 0) continue;
}

void close_servers(void) {
  for (int i = 0; i < MOUNTS; i++) close(mounts[i].server);
}

static int mount_fuse(struct mount *m) {
  enum { FSOPEN = 430, FSCONFIG, FSMOUNT, CLOEXEC = 1, STRING = 1, CREATE = 6 };
  char server[16];
  const char *const options[][2] = {{"fd", server}, {"rootmode", "100000"}, {"user_id", "0"},
                                   {"group_id", "0"}};
  m->server = open("/dev/fuse", O_RDWR);
  snprintf(server, sizeof server, "%d", m->server);
  long fs = syscall(FSOPEN, "fuse", CLOEXEC), bad = m->server < 0 || fs < 0;
  for (int i = 0; i < 4; i++) bad = bad || syscall(FSCONFIG, fs, STRING, options[i][0], options[i][1], 0) < 0;
  bad = bad || syscall(FSCONFIG, fs, CREATE, NULL, NULL, 0) < 0;
  m->place = bad ? -1 : (int)syscall(FSMOUNT, fs, CLOEXEC, 0);
  close((int)fs);
  return m->place >= 0;
}

void open_devices(void) {
  struct iovec buffer = {new_pages(LOCKED), LOCKED * PAGE};
  device_file = memfd_create("device", 0);
  for (int i = 0; i < KEYS; i++) {
    struct ring *r = &rings[i];
    r->fd = (int)syscall(SYS_io_uring_setup, 1, &r->p);
    r->map = mmap(NULL, PAGE, RW, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
    r->request = mmap(NULL, PAGE, RW, MAP_SHARED, r->fd, IORING_OFF_SQES);
    fcntl(r->fd, F_SETFD, 0); /* a process that executes the program again has it still */
    if (r->fd < 0 || r->map == MAP_FAILED || r->request == MAP_FAILED)
      lacking[URING] = "refused, see kernel.io_uring_disabled and seccomp";
    if (pipe(pipes[i]) || fcntl(pipes[i][0], F_SETFL, O_NONBLOCK)) err(2, "pipe");
  }
  if (!lacking[URING] && syscall(SYS_io_uring_register, rings[0].fd, IORING_REGISTER_BUFFERS, &buffer, 1) < 0)
    lacking[URING] = "too little may be locked, see ulimit -l";
  unregister(&rings[0]);
  munmap(buffer.iov_base, buffer.iov_len);
  for (int i = 0; i < MOUNTS; i++)
    if (!mount_fuse(&mounts[i])) lacking[FUSE] = "takes /dev/fuse, and root or a user namespace";
}

static int open_file(const struct mount *m, int flags) {
  char path[40];
  struct stat size_is_asked;
  snprintf(path, sizeof path, "/proc/self/fd/%d", m->place);
  int fd = open(path, O_RDWR | flags);
  close(dup(fd)); /* the kernel asks once whether there is a FLUSH */
  return fstat(fd, &size_is_asked) < 0 ? -1 : fd;
}

/* Puts a loop device on the file, and tries it. The kernel detaches it when nobody has it open any more. */
static int attach_loop(const struct mount *m) {
  char path[32], *page = new_page();
  int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), n = ioctl(control, LOOP_CTL_GET_FREE);
  struct loop_config config = {.fd = (uint32_t)open_file(m, 0), .info = {.lo_flags = LO_FLAGS_AUTOCLEAR}};
  snprintf(path, sizeof path, "/dev/loop%d", n);
  int loop = open(path, O_RDWR | O_DIRECT), bad = loop < 0 || ioctl(loop, LOOP_CONFIGURE, &config) < 0;
  close(control), close((int)config.fd);
  return bad || pwrite(loop, page, PAGE, 0) < 0 ? -1 : loop;
}

/* In the ancestor. Returns what is lacking, or -1. */
static long do_open_files(void) {
  long result = -1;
  for (struct mount *m = mounts; m < mounts + MOUNTS; m++) {
    m->file = open_file(m, m == &mounts[STALLS] ? 0 : O_DIRECT);
    if (m->file < 0) return FUSE;
    if (allow_settings && m != &mounts[STALLS] && (m->loop = attach_loop(m)) < 0) result = LOOP;
  }
  return result;
}

void open_files(void) {
  request = (struct request){.run = DEED(do_open_files)};
  if (!lacking[FUSE] && ask(ANCESTOR) && reply.result >= 0) lacking[reply.result] = "it cannot be opened";
  if (lacking[FUSE] || !allow_settings) lacking[LOOP] = "takes FUSE, root and --allow-settings";
}

/* Waits until a transfer is in flight: its request is there. If it is over instead, says so and returns 0. */
static int in_flight(struct mount *m) {
  struct pollfd p[2] = {{m->server, POLLIN, 0}, {done[0], POLLIN, 0}};
  long result;
  poll(p, 2, LIMIT_MS);
  if (!(p[1].revents & POLLIN) && p[0].revents & POLLIN) return 1;
  if (read(done[0], &result, sizeof result) < 0) say("timeout");
  else say_result(result);
  return 0;
}

/* In a process: an O_DIRECT write or read, args[0], by FUSE or LOOP. */
static long do_transfer(void) {
  const struct mount *m = &mounts[request.args[0]];
  void *at = (void *)request.args[2];
  const int fd = request.args[1] == LOOP ? m->loop : m->file;
  const size_t size = (size_t)request.args[3];
  ssize_t n = request.args[0] == WRITES ? pwrite(fd, at, size, 0) : pread(fd, at, size, 0);
  return n < 0 ? -errno : n;
}

/* dw and dr: it stays in flight. */
void op_direct(const struct line *l) {
  struct mount *m = &mounts[l->with];
  if (lacking[l->choice]) return;
  if (m->busy) return say("EBUSY");
  while (serve_request(m, 0) >= 0) continue; /* somebody else has looked at the loop device */
  request = (struct request){.run = DEED(do_transfer), .in_thread = 1,
                             .args = {l->with, l->choice, l->at, l->number * PAGE}};
  if (!ask(l->slot) || !(m->busy = in_flight(m))) return;
  usleep(1000); /* by now the thread, and the block layer's worker, are asleep */
  say("inflight");
}

/* dwend and drend V: serves the transfer, which may come in pieces, until it is over, and says the first byte
 * of every page that a write delivers. If its process is gone, the kernel has withdrawn it: there is none. */
void op_end(const struct line *l) {
  struct mount *m = &mounts[l->with];
  struct pollfd p[2] = {{m->server, POLLIN, 0}, {done[0], POLLIN, 0}};
  const byte *data = (byte *)(&asked.write + 1);
  const char *gap = "";
  long result = 0;
  int served = 0;
  for (; m->busy && poll(p, 2, 200) > 0 && p[0].revents & POLLIN; served++)
    if (serve_request(m, l->value) == FUSE_WRITE)
      for (uint32_t at = 0; at < asked.write.size; at += PAGE, gap = ",") say("%s=%d", gap, data[at]);
  if ((!m->busy || read(done[0], &result, sizeof result) < 0) && !served) say("none");
  else if (!*gap) say_result(result);
  m->busy = 0;
}

/* Remote reads in flight. */
static struct { uint64_t request; int reader; } stalls[KEYS];

/* In a process: process_vm_readv() into a page whose fault the FUSE server does not answer yet. */
static long do_remote_read(void) {
  byte *page = mmap(NULL, PAGE, RW, MAP_PRIVATE, mounts[STALLS].file, request.args[2]);
  struct iovec to = {page, 1}, from = {(void *)request.args[1], 1};
  ssize_t n = process_vm_readv((pid_t)request.args[0], &to, 1, &from, 1, 0);
  return n < 0 ? -errno : *page;
}

/* vmread a0 P1 K, and vmend K */
void op_vmread(const struct line *l) {
  static long offset; /* each has a page of its own, which cannot be in the page cache */
  if (lacking[FUSE]) return;
  if (!processes[l->other]) return say("noproc");
  if (stalls[l->key].request) return say("EBUSY");
  request = (struct request){.run = DEED(do_remote_read), .in_thread = 1,
                             .args = {processes[l->other], l->at, offset += PAGE}};
  if (!ask(l->slot)) return;
  do if (!in_flight(&mounts[STALLS])) return;
  while (serve_request(&mounts[STALLS], KEEP) != FUSE_READ);
  stalls[l->key].request = asked.head.unique, stalls[l->key].reader = l->slot;
  say("inflight");
}

static void end_stall(int key) {
  if (stalls[key].request) end_read(&mounts[STALLS], stalls[key].request, PAGE, 0);
  stalls[key].request = 0;
}

void op_vmend(const struct line *l) {
  long result;
  if (!stalls[l->key].request) return say("none");
  end_stall(l->key);
  if (!processes[stalls[l->key].reader]) say("noproc");
  else if (!readable(done[0], LIMIT_MS) || read(done[0], &result, sizeof result) < 0) say("timeout");
  else if (result < 0) say_result(result);
  else say("=%ld", result);
}

/* Drops every reference, and completes what processes wait for in the kernel, so that they can end. */
void reset_devices(void) {
  byte page[PAGE];
  for (int i = 0; i < KEYS; i++) {
    end_stall(i), unregister(&rings[i]);
    while (read(pipes[i][0], page, PAGE) > 0) continue;
  }
  for (int i = 0; i < MOUNTS; i++) mounts[i].busy = 0;
}
