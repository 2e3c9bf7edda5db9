/* The processes of a scene: what they are asked, over a socket for each, and what is seen of them. An
 * ancestor, which the coordinator forks once, opens the files on FUSE; every P0 is a child of it and inherits
 * them. When the coordinator is gone, the sockets tell the processes, and they end. */
#include "probe.h"
#include <pthread.h>
#include <setjmp.h>
#include <sys/resource.h>

struct request request;
struct reply reply;
pid_t processes[SLOTS + 1];
int awaited[SLOTS];
static pid_t groups[SLOTS]; /* whose memory a process is in: threads have one in common */
int done[2];
static int sockets[SLOTS + 1][2]; /* the coordinator's end, and the process's */
static int scene_file;

/* ---- In a process ---- */

static sigjmp_buf escape;
static volatile sig_atomic_t accessing;

static void on_fault(int signal) {
  if (accessing) siglongjmp(escape, signal);
  _exit(128 + signal);
}

static long faults_so_far(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/* One load or store, and its faults. What else the measurement touches, the first count has touched. */
static long do_access(void) {
  volatile byte *at = (byte *)request.args[0];
  reply.signal = sigsetjmp(escape, 0);
  if (reply.signal == 0) {
    accessing = 1;
    reply.faults = faults_so_far();
    reply.faults = faults_so_far();
    if (request.store) *at = request.value;
    else request.value = *at;
    reply.faults = faults_so_far() - reply.faults;
  }
  accessing = 0;
  return request.store ? 0 : request.value;
}

/* The same through /proc/self/mem, which uses FOLL_FORCE; of the thread, since the first may be gone. */
static long do_access_mem(void) {
  int fd = open("/proc/thread-self/mem", O_RDWR | O_CLOEXEC), store = request.store;
  off_t at = request.args[0];
  ssize_t n = store ? pwrite(fd, &request.value, 1, at) : pread(fd, &request.value, 1, at);
  long result = n < 0 ? -errno : store ? 0 : request.value;
  close(fd);
  return result;
}

long do_call(void) {
  long *x = request.args;
  for (int i = 0; i < 6; i++)
    if (x[i] == RANGE) x[i] = (long)&request.range;
  const long result = syscall(request.number, x[0], x[1], x[2], x[3], x[4], x[5]);
  return result < 0 ? -errno : result;
}

/* Which of at most 62 pages are resident, a bit each. */
static long do_mincore(void) {
  byte resident[62];
  const long pages = request.args[1];
  if (syscall(SYS_mincore, request.args[0], pages * PAGE, resident)) return -errno;
  long bits = 0;
  for (long i = 0; i < pages; i++) bits |= (long)(resident[i] & 1) << i;
  return bits;
}

/* Maps a fresh file in memory, privately: args are those of mmap. */
static long do_map_memfd(void) {
  int fd = memfd_create("fresh", MFD_CLOEXEC);
  const size_t size = (size_t)request.args[1];
  void *at = ftruncate(fd, request.args[1])
    ? MAP_FAILED : mmap((void *)request.args[0], size, (int)request.args[2], MAP_PRIVATE | MAP_FIXED, fd, 0);
  const long result = at == MAP_FAILED ? -errno : 0;
  close(fd);
  return result;
}

static long do_clear_refs(void) { return write_text("/proc/thread-self/clear_refs", "4") < 0 ? -errno : 0; }

static long run_request(void) { return ((long (*)(void))((intptr_t)do_call + request.run))(); }

static void *run_and_report(void *unused) {
  long result = run_request();
  if (write(done[1], &result, sizeof result) < 0) _exit(1);
  return unused;
}

/* The life of a process: one request after the other. */
__attribute__((noreturn)) static void serve(int slot) {
  pthread_t thread;
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* where Yama restricts ptrace, allow process_vm_readv() */
  while (recv(sockets[slot][1], &request, sizeof request, 0) == sizeof request) {
    reply = (struct reply){0};
    reply.result = request.in_thread ? -pthread_create(&thread, NULL, run_and_report, NULL) : run_request();
    if (send(sockets[slot][1], &reply, sizeof reply, 0) < 0) break;
  }
  _exit(0);
}

/* A new process, or a process with a new program, says that it is there, and which it is. */
__attribute__((noreturn)) static void begin(int slot) {
  reply = (struct reply){.result = (long)syscall(SYS_gettid)};
  if (send(sockets[slot][1], &reply, sizeof reply, 0) < 0) _exit(1);
  serve(slot);
}

/* The program anew, which finds the descriptors where they were. */
static long do_exec(void) {
  char numbers[16][12], *words[19] = {"probe", PROCESS};
  int values[16] = {request.slot, done[1], scene_file}, n = 3;
  for (int slot = 0; slot < SLOTS; slot++) values[n++] = sockets[slot][1];
  for (int i = 0, *file; (file = files_of_processes(i)); i++) values[n++] = *file;
  for (int i = 0; i < n; i++) {
    snprintf(numbers[i], sizeof *numbers, "%d", values[i]);
    words[i + 2] = numbers[i];
  }
  execv("/proc/self/exe", words);
  return -errno;
}

static void *begin_thread(void *slot) { begin((int)(intptr_t)slot); }

/* FORK, VFORK, SPAWN or THREAD. The child of vfork() is in our memory, and we stand still until it has left. */
static long do_begin(void) {
  pthread_t thread;
  const int slot = request.slot;
  if (request.number == THREAD) return -pthread_create(&thread, NULL, begin_thread, (void *)(intptr_t)slot);
  pid_t pid = request.number == FORK ? fork() : vfork();
  if (pid == 0 && request.number == SPAWN) do_exec();
  if (pid == 0) begin(slot);
  return pid < 0 ? -errno : pid;
}

/* A thread ends, and not the others of its process. */
static long do_end_thread(void) {
  reply = (struct reply){0};
  send(sockets[request.slot][1], &reply, sizeof reply, 0);
  syscall(SYS_exit, 0);
  return 0;
}

static void catch_faults(void) {
  const struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
  sigaction(SIGSEGV, &action, NULL), sigaction(SIGBUS, &action, NULL);
}

void go_on(char **words) {
  const int present = atoi(*words++);
  done[1] = atoi(*words++), scene_file = atoi(*words++);
  for (int slot = 0; slot < SLOTS; slot++) sockets[slot][1] = atoi(*words++);
  for (int i = 0, *file; (file = files_of_processes(i)); i++) *file = atoi(*words++);
  catch_faults();
  begin(present);
}

/* ---- In the coordinator ---- */

int ask(int slot) {
  if (send(sockets[slot][0], &request, sizeof request, 0) < 0) err(2, "send");
  return hear(slot);
}

int hear(int slot) {
  const int fd = sockets[slot][0], step = slot == ANCESTOR ? 1 : LIMIT_MS;
  for (int ms = 0; ms < LIMIT_MS; ms += step) {
    if (slot == ANCESTOR) serve_files(); /* it may wait for them */
    if (readable(fd, step)) return recv(fd, &reply, sizeof reply, 0) == sizeof reply;
  }
  if (slot == ANCESTOR) errx(2, "the ancestor of all processes gives no answer");
  kill(processes[slot], SIGKILL);
  processes[slot] = 0;
  say("timeout");
  return 0;
}

void tell(int slot) {
  if (ask(slot)) say_result(reply.result);
}

/* Whoever opens a file on FUSE waits for the coordinator, which serves it: if it waited for itself, and were
 * killed meanwhile, it would wait for ever. Hence the ancestor. */
void start_ancestor(void) {
  const pid_t coordinator = getpid();
  scene_file = memfd_create("scene", 0);
  if (scene_file < 0 || pipe(done) || fcntl(done[0], F_SETFL, O_NONBLOCK)) err(2, "pipe");
  for (int i = 0; i <= SLOTS; i++)
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets[i])) err(2, "socketpair");
  processes[ANCESTOR] = fork();
  if (processes[ANCESTOR]) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != coordinator) _exit(0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (int i = 0; i <= SLOTS; i++) close(sockets[i][0]);
  close(0), close(1);
  close_servers();
  catch_faults();
  serve(ANCESTOR);
}

/* Starts a process, or a thread, in a slot. Returns whether it is there; if not, `reply` has the error. */
static int begin_from(int parent, int slot, long how) {
  request = (struct request){.run = DEED(do_begin), .slot = slot, .number = how};
  if (how == VFORK) {
    if (send(sockets[parent][0], &request, sizeof request, 0) < 0) err(2, "send");
    if (!readable(sockets[slot][0], LIMIT_MS)) return hear(parent), 0; /* it could not */
    awaited[parent] = slot + 1;
  } else if (!ask(parent) || reply.result < 0) return 0;
  if (!hear(slot) || reply.result <= 0) return 0;
  processes[slot] = (pid_t)reply.result;
  groups[slot] = how == THREAD ? groups[parent] : processes[slot];
  return 1;
}

/* A child has left the memory of its parent, who goes on. */
static void let_go_on(int child) {
  for (int slot = 0; slot < SLOTS; slot++)
    if (awaited[slot] == child + 1) awaited[slot] = 0, hear(slot);
}

static int shares_memory(int slot) {
  int others = 0;
  for (int i = 0; i < SLOTS; i++) others += i != slot && processes[i] && groups[i] == groups[slot];
  return others > 0;
}

void start_scene(void) {
  int bad = ftruncate(scene_file, 0);
  for (byte i = 0; i < 8 && !bad; i++) bad = pwrite(scene_file, &(byte){50 + i}, 1, i * PAGE) < 0;
  if (bad || ftruncate(scene_file, 8 * PAGE) || !begin_from(ANCESTOR, 0, FORK)) err(2, "a new scene");
}

/* Kills the processes, and waits until the ancestor has reaped them. */
void end_scene(void) {
  byte rest[PAGE];
  for (int i = 0; i < SLOTS; i++)
    if (processes[i]) kill(processes[i], SIGKILL), processes[i] = awaited[i] = 0;
  reset_devices();
  do CALL(SYS_wait4, -1, 0, 0, 0);
  while (ask(ANCESTOR) && reply.result > 0);
  for (int i = 0; i < SLOTS * 2; i++)
    while (recv(sockets[i / 2][i % 2], rest, PAGE, MSG_DONTWAIT) > 0) continue;
  while (read(done[0], rest, PAGE) > 0) continue;
}

/* ---- Operations ---- */

void op_call(const struct line *l) {
  const long size = l->number * PAGE;
  if (l->with == SYS_madvise && l->choice == ADVISE_PAGEOUT && lacking[SWAP]) return;
  if (l->with == SYS_mlock && lacking[MEMLOCK]) return;
  if (l->with == SYS_madvise && l->choice == MADV_MERGEABLE && lacking[KSM]) return; /* others may look */
  if (l->with == SYS_mremap) CALL(SYS_mremap, l->at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, l->to);
  else CALL(l->with, l->at, size, l->choice);
  tell(l->slot);
}

void op_memory(const struct line *l) {
  const long size = l->number * PAGE, fd = l->choice & MAP_ANONYMOUS ? -1 : scene_file;
  CALL(SYS_mmap, l->at, size, l->access, l->choice | MAP_FIXED, fd);
  if (l->choice & MEMFD) request.run = DEED(do_map_memfd);
  tell(l->slot);
}

void op_cr(const struct line *l) {
  request = (struct request){.run = DEED(do_clear_refs)};
  tell(l->slot);
}

/* fork, vfork, spawn, thread. */
void op_begin(const struct line *l) {
  if (processes[l->other]) say("exists");
  else if (begin_from(l->slot, l->other, l->with) || processes[l->slot]) say_result(reply.result);
}

void op_exec(const struct line *l) {
  if (shares_memory(l->slot)) return;
  request = (struct request){.run = DEED(do_exec), .slot = l->slot};
  tell(l->slot);
  let_go_on(l->slot);
}

/* Answered when the address space is gone: the process is a zombie; or it waits, while it closes a file, for
 * a transfer in flight, and has been asleep for 20 ms. To memory an exit is the same as a kill. */
void op_exit(const struct line *l) {
  char path[48];
  int left = LOOKS * 10;
  snprintf(path, sizeof path, "/proc/%d/stat", processes[l->slot]);
  request = (struct request){.run = DEED(do_end_thread), .slot = l->slot};
  if (shares_memory(l->slot)) ask(l->slot);
  else kill(processes[l->slot], SIGKILL);
  processes[l->slot] = 0;
  for (int asleep = 0; asleep < 200 && left > 0; usleep(100), left--) {
    const char *name_end = strrchr(read_text(path), ')'), state = name_end ? name_end[2] : 'Z';
    if (state == 'Z' || state == 'X') break;
    asleep = state == 'D' || state == 'S' ? asleep + 1 : 0;
  }
  let_go_on(l->slot);
  say(left ? "ok" : "timeout");
}

/* ---- Page tables and frames ---- */

/* One of the 64-bit entries of such a file, or 0. */
static uint64_t read_entry(const char *path, uint64_t index) {
  uint64_t entry = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = pread(fd, &entry, sizeof entry, (off_t)(index * sizeof entry));
  close(fd);
  return n == sizeof entry ? entry : 0;
}

uint64_t entry_of(pid_t pid, long at) {
  char path[48];
  snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
  return read_entry(path, (uint64_t)(at / PAGE));
}

void op_mincore(const struct line *l) {
  if (l->number > 62) return;
  request = (struct request){.run = DEED(do_mincore), .args = {l->at, l->number}};
  if (!ask(l->slot)) return;
  if (reply.result < 0 || !l->number) return say_result(reply.result);
  for (long i = 0; i < l->number; i++) say("%s=%ld", i ? "," : "", reply.result >> i & 1);
}

/* w, r, mw and mr: one byte, and for a store what became of the frame. */
void op_access(const struct line *l) {
  const int store = l->with & 1, through_mem = l->with & 2;
  const pid_t pid = processes[l->slot];
  uint64_t before = store ? entry_of(pid, l->at) : 0;
  request = (struct request){.store = store, .value = l->value, .args = {l->at}};
  request.run = through_mem ? DEED(do_access_mem) : DEED(do_access);
  if (!ask(l->slot)) return;
  if (reply.signal) return say(reply.signal == SIGBUS ? "sigbus" : "segv");
  if (reply.result < 0 || store) say_result(reply.result);
  else say("=%ld", reply.result);
  if (!through_mem && !lacking[FAULTS]) say(" f%ld", reply.faults);
  uint64_t frame = store && reply.result >= 0 ? FRAME(entry_of(pid, l->at)) : 0;
  if (frame) say(!(before >> PRESENT & 1) ? " new" : FRAME(before) == frame ? " same" : " copy");
}

void look_around(void) {
  const long page = (long)new_page();
  request = (struct request){.store = 1, .args = {page}};
  do_access();
  if (reply.faults != 1) lacking[FAULTS] = "a first write is not counted as one page fault";
  uint64_t frame = FRAME(entry_of(getpid(), page));
  if (!frame || !read_entry("/proc/kpagecount", frame)) lacking[FRAMES] = "takes root";
  write_text("/proc/self/clear_refs", "4");
  uint64_t cleared = entry_of(getpid(), page);
  do_access();
  if (!((entry_of(getpid(), page) & ~cleared) >> SOFT_DIRTY & 1)) lacking[SOFTDIRTY] = "not built in";
  void *scratch = new_pages(LOCKED);
  if (mlock(scratch, LOCKED * PAGE)) lacking[MEMLOCK] = "too little may be locked, see ulimit -l";
  munmap(scratch, LOCKED * PAGE);
}

/* One page. Labels are given in order of first appearance. */
static void say_token(uint64_t entry, uint64_t *seen, int *labels) {
  enum { THP = 22, ZERO = 24 }; /* bits of /proc/kpageflags */
  const uint64_t frame = FRAME(entry), flags = frame ? read_entry("/proc/kpageflags", frame) : 0;
  const char once = entry >> ONCE & 1 ? 'x' : '.';
  int label = 0;
  if (entry >> SWAPPED & 1) return say("S");
  if (!(entry >> PRESENT & 1)) return say("-");
  if (!frame) return say("?%c", once);
  if (flags >> ZERO & 1) return say("Z");
  while (label < *labels && seen[label] != frame) label++;
  if (label == *labels) seen[(*labels)++] = frame;
  say(label < 26 ? "%c" : "<%d>", label < 26 ? 'A' + label : label);
  say("%c%d", once, (int)read_entry("/proc/kpagecount", frame));
  say("%s%s", flags >> THP & 1 ? "t" : "", entry >> FILE_PAGE & 1 ? "f" : "");
}

void op_snap(const struct line *l) {
  static uint64_t seen[SLOTS * 512];
  const char *gap = "";
  int labels = 0;
  if (l->number > 512) return say("unavailable");
  for (int slot = 0; slot < SLOTS; slot++) {
    if (!processes[slot]) continue;
    say("%sP%d=", gap, slot), gap = " ";
    for (long i = 0; i < l->number; i++) {
      if (i) say(",");
      say_token(entry_of(processes[slot], l->at + i * PAGE), seen, &labels);
    }
  }
}
