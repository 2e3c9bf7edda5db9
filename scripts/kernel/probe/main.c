/*
 * probe: asks the running kernel what it does with fork(), copy-on-write and get_user_pages().
 *
 *   cc -O2 -pthread -o probe *.c
 *   probe [--allow-settings] [--state FILE]   answers the scenes on its standard input
 *   probe --restore --state FILE              only puts back what a killed run left changed
 *
 * In:   `=== name` starts a scene with one fresh process P0; nothing of the scene before is left. Every other
 *       line is an operation: `P0 w a0 5` is done by process 0, `* gr 0 0` by the world outside; `operations`
 *       has them all. Blank lines and lines that begin with # are skipped.
 * Out:  `# release=… arch=… frames=yes|no … thp=always|madvise|never …`: what this run can see or use; for
 *       each `no` a line `# no swap: why`. Then every line of the input, an operation with ` -> answer`, as
 *       soon as it is known: `ok`; the name of an errno; for a store `ok fF same|copy|new`, for a load `=V
 *       fF` (F page faults; what became of the frame under the address); `segv`, `sigbus`; what is said at
 *       the operations; `noproc`: no such process; `exists`: there is one; `unavailable`: the probe does not
 *       know the operation, or cannot have it here; `timeout`: no answer in a minute, the process is
 *       killed.
 *
 * The supervisor, where the program begins, changes settings of the machine if it may (--allow-settings, as
 * root), notes in FILE what they were, and puts them back when all others have ended: by themselves, or
 * because a signal had it kill them. After a SIGKILL the next start with the same FILE does. Its child, the
 * coordinator, plays the world outside, and never touches the memory under test. The processes P0 to P3 do
 * what it asks. All share one CPU, and the daemon of KSM does: nothing happens between two lines. When the
 * coordinator is gone, so are the others, and with them what they held: files on FUSE, which are mounted
 * nowhere, and loop devices.
 *
 * Left out, hence `unavailable`: hugetlbfs, exec in a process with threads, races, read-only and short-term
 * pins. Without --allow-settings khugepaged may put a split huge page together at any moment.
 */
#include "probe.h"
#include <linux/io_uring.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/utsname.h>

const char *lacking[FEATURES] = {[HUGETLB] = "the probe maps none"};
int allow_settings;

static int said; /* is there an answer to the line at hand? */

void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  said = 1;
  vprintf(format, args);
  va_end(args);
}

void say_result(long result) {
  static const struct { int number; const char *name; } known[] = {
    {EINVAL, "EINVAL"}, {ENOMEM, "ENOMEM"}, {EFAULT, "EFAULT"}, {EAGAIN, "EAGAIN"}, {EPERM, "EPERM"},
    {EIO, "EIO"}, {EBUSY, "EBUSY"}, {EACCES, "EACCES"}, {EEXIST, "EEXIST"}, {ENXIO, "ENXIO"},
    {ENODEV, "ENODEV"}, {ENOSYS, "ENOSYS"}, {ENOENT, "ENOENT"}, {ESRCH, "ESRCH"}, {ENOSPC, "ENOSPC"},
    {EOPNOTSUPP, "EOPNOTSUPP"}};
  if (result >= 0) return say("ok");
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].number == -result) return say("%s", known[i].name);
  say("E%ld", -result);
}

int readable(int fd, int ms) { return poll(&(struct pollfd){fd, POLLIN, 0}, 1, ms) > 0; }

int write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  ssize_t n = write(fd, text, strlen(text));
  close(fd);
  return n < 0 ? -1 : 0;
}

/* The beginning of a small file; empty if it cannot be read. */
char *read_text(const char *path) {
  static char text[512];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = 0;
  return text;
}

void *new_pages(long count) { return mmap(NULL, (size_t)(count * PAGE), RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

void *new_page(void) { return new_pages(1); }

/* ---- The operations, and reading a line ---- */

static void op_settle(const struct line *l) { usleep((useconds_t)l->with * 1000), say("ok"); }

/* Who (a process or *), the name, the operands: p and q a page such as a0 or a0+64, m a region or
 * a page of it, n a number of
 * pages or of a page, v a byte, k a number 0..3, s a process, M P A D a word of the table below, or for M P A a number
 * such as 0x13, o a P that may be missing. */
static const struct { char who; const char *name, *operands; operation *run; long with; } operations[] = {
  {'P', "mmap", "mnMo", op_memory, 0},         {'P', "munmap", "pn", op_call, SYS_munmap},
  {'P', "mremap", "pnq", op_call, SYS_mremap}, {'P', "mprot", "pnP", op_call, SYS_mprotect},
  {'P', "mlock", "pn", op_call, SYS_mlock},    {'P', "munlock", "pn", op_call, SYS_munlock},
  {'P', "madv", "pnA", op_call, SYS_madvise},  {'P', "cr", "", op_cr, 0},     /* cr: clears soft-dirty bits */
  {'P', "mincore", "pn", op_mincore, 0},       /* `=1,=0`: which pages are resident */
  {'P', "w", "pv", op_access, 1},              {'P', "r", "p", op_access, 0},
  {'P', "mw", "pv", op_access, 3},             {'P', "mr", "p", op_access, 2}, /* through /proc/self/mem */
  {'P', "fork", "s", op_begin, FORK},          {'P', "thread", "s", op_begin, THREAD},
  {'P', "vfork", "s", op_begin, VFORK},        {'P', "spawn", "s", op_begin, SPAWN}, /* vfork, and exec */
  {'P', "exec", "", op_exec, 0},               {'P', "exit", "", op_exit, 0},
  {'P', "pin", "pnk", op_pin, 0},              {'*', "unpin", "k", op_unpin, 0}, /* EBUSY: there is one */
  {'*', "gr", "kn", op_device, IORING_OP_WRITE_FIXED}, /* gr 0 1: the device reads page 1 of pin 0 */
  {'*', "gw", "knv", op_device, IORING_OP_READ_FIXED}, /* gw 0 1 77: it writes there */
  {'P', "vms", "pk", op_vms, 0},               {'*', "pr", "k", op_pr, 0}, /* `=V`, or `empty` */
  {'*', "tee", "k", op_pr, 1},                 /* the same, and the page stays in the pipe */
  {'P', "dw", "pnD", op_direct, 0},            {'*', "dwend", "", op_end, 0},  /* `=V,=V`, or `none` */
  {'P', "dr", "pnD", op_direct, 1},            {'*', "drend", "v", op_end, 1}, /* v is for every page */
  {'P', "vmread", "psk", op_vmread, 0},        {'*', "vmend", "k", op_vmend, 0}, /* `=V`, or `none` */
  {'*', "snap", "pn", op_snap, 0},             {'*', "settle", "", op_settle, 50}, /* milliseconds */
  {'*', "ksm", "", op_ksm, 4},                 {'*', "unksm", "", op_ksm, 0}, /* full scans */
};
static const struct { char kind; const char *word; long choice; } words[] = {
  {'M', "priv", MAP_PRIVATE | MAP_ANONYMOUS}, {'M', "shared", MAP_SHARED | MAP_ANONYMOUS},
  {'M', "pfile", MAP_PRIVATE}, {'M', "sfile", MAP_SHARED}, {'M', "memfd", MEMFD},
  {'P', "none", PROT_NONE}, {'P', "r", PROT_READ}, {'P', "rw", RW}, {'D', "fuse", FUSE}, {'D', "loop", LOOP},
  {'A', "dontneed", 4}, {'A', "free", 8}, {'A', "dontfork", 10}, {'A', "dofork", 11}, {'A', "mergeable", 12},
  {'A', "unmergeable", 13}, {'A', "hugepage", 14}, {'A', "nohugepage", 15}, {'A', "wipeonfork", 18},
  {'A', "keeponfork", 19}, {'A', "cold", ADVISE_COLD}, {'A', "pageout", ADVISE_PAGEOUT},
  {'A', "populate_read", 22}, {'A', "populate_write", 23}, {'A', "collapse", 25},
};

/* Reads P0 to P3. Returns -1 if it is none. */
static int parse_slot(const char *word) {
  return word[0] == 'P' && word[1] >= '0' && word[1] < '0' + SLOTS && !word[2] ? word[1] - '0' : -1;
}

/* Reads a0, a0+64 or, for the beginning of a region, a; returns 0 if it is none. Regions are aligned to 2 MiB and so far apart
 * that the kernel never merges two. */
static long parse_place(const char *word, int region) {
  const long size = 256l << 20;
  long index = 0, offset = 0;
  int end = 1;
  if (sscanf(word + 1, "%ld%n+%ld%n", &index, &end, &offset, &end) > 0) end++;
  if (*word < 'a' || *word > 'z' || word[end] || (!region && !word[1]) || word[1] == '+') return 0;
  if (index < 0 || index >= size / PAGE || offset < 0 || offset >= PAGE) return 0;
  return (64l << 30) + (*word - 'a') * size + index * PAGE + offset;
}

/* Reads one operand. Returns 0 if it is none of that kind. */
static int parse_operand(char kind, const char *word, struct line *l) {
  char *end;
  long number = strtol(word, &end, 10);
  const int whole = *word >= '0' && *word <= '9' && !*end;
  const long choice = l->choice;
  switch (kind) {
  case 'o': return parse_operand('P', word, l) && ((l->access = l->choice), (l->choice = choice), 1);
  case 'm': case 'p': return (l->at = parse_place(word, kind == 'm')) != 0;
  case 'q': return (l->to = parse_place(word, 0)) != 0;
  case 's': return (l->other = parse_slot(word)) >= 0;
  case 'n': l->number = number; return whole && number <= 1 << 16;
  case 'v': l->value = (byte)number; return whole && number <= 255;
  case 'k': l->key = (int)number; return whole && number < KEYS;
  }
  if (strchr("MPA", kind) && !strncmp(word, "0x", 2)) return l->choice = strtol(word, &end, 16), !*end;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (words[i].kind == kind && !strcmp(words[i].word, word)) return l->choice = words[i].choice, 1;
  return 0;
}

/* Does what a line says, and answers. */
static void perform(char *text) {
  struct line l = {.access = RW};
  char *rest, *who = strtok_r(text, " \t", &rest), *name = strtok_r(NULL, " \t", &rest), *word;
  const size_t count = sizeof operations / sizeof *operations;
  size_t i = 0;
  said = 0;
  l.slot = parse_slot(who);
  while (i < count && (!name || strcmp(operations[i].name, name) ||
                       (operations[i].who == '*' ? strcmp(who, "*") : l.slot < 0))) i++;
  const char *kind = i < count ? operations[i].operands : "?";
  while (*kind && (word = strtok_r(NULL, " \t", &rest)) && parse_operand(*kind, word, &l)) kind++;
  if (*kind == 'o') kind++;
  if (*kind || strtok_r(NULL, " \t", &rest)) return say("unavailable");
  if (operations[i].who == 'P' && !processes[l.slot]) return say("noproc");
  if (operations[i].who == 'P' && awaited[l.slot]) return say("EAGAIN"); /* it waits, and cannot be asked */
  l.with = operations[i].with;
  operations[i].run(&l);
  if (!said && operations[i].run != op_snap) say("unavailable");
}

/* ---- The coordinator ---- */

static void answer_scenes(void) {
  void *bystander = new_page();
  char *text = NULL;
  size_t size = 0;
  for (int alive = 0; getline(&text, &size, stdin) > 0;) {
    char *line = text + strspn(text, " \t");
    line[strcspn(line, "\r\n")] = 0;
    if (!*line || *line == '#') continue;
    const int title = !strncmp(line, "===", 3);
    if (alive && title) end_scene();
    if (!alive || title) start_scene();
    alive = 1;
    /* A fresh page sits in a batch of its CPU, which holds a reference to it: before 5.18 that turns `same`
     * into `copy`. MADV_COLD, on a page that nobody looks at, flushes the batch. */
    madvise(bystander, PAGE, ADVISE_COLD);
    printf(title ? "%s" : "%s -> ", line);
    if (!title) perform(line);
    printf("\n");
  }
}

/* A user becomes root of a user namespace of its own, in which FUSE can be mounted. */
static void enter_user_namespace(void) {
  char users[32], groups[32];
  snprintf(users, sizeof users, "0 %u 1", geteuid());
  snprintf(groups, sizeof groups, "0 %u 1", getegid());
  if (geteuid() == 0) lacking[USERNS] = "root needs none";
  else if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) lacking[USERNS] = "none can be entered";
  if (lacking[USERNS]) return;
  write_text("/proc/self/setgroups", "deny");
  if (write_text("/proc/self/uid_map", users) || write_text("/proc/self/gid_map", groups))
    lacking[USERNS] = "the user cannot be root in it";
}

static void print_features(void) {
  static const char *const names[] = {"frames", "faults", "uring", "fuse", "loop", "swap", "ksm", "softdirty", "memlock",
                                      "hugetlb", "userns"};
  struct utsname kernel;
  char thp[16] = "never", *chosen = strchr(read_text(THP_DIR "enabled"), '[');
  if (chosen) sscanf(chosen, "[%15[a-z]", thp);
  uname(&kernel);
  printf("# release=%s arch=%s", kernel.release, kernel.machine);
  for (int f = 0; f < FEATURES; f++) {
    if (f == SOFTDIRTY) printf(" thp=%s", thp);
    printf(" %s=%s", names[f], lacking[f] ? "no" : "yes");
  }
  printf("\n");
  for (int f = 0; f < FEATURES; f++)
    if (lacking[f]) printf("# no %s: %s\n", names[f], lacking[f]);
}

static void coordinate(void) {
  enter_user_namespace();
  look_around();
  open_devices();
  start_ancestor();
  open_files();
  setvbuf(stdout, NULL, _IOLBF, 0);
  print_features();
  answer_scenes();
}

/* ---- The supervisor ---- */

/* Waits until the coordinator ends, or a signal says that it must, then for all others. Returns a status. */
static int supervise(void) {
  int status = 0, signal;
  sigset_t ours, before;
  cpu_set_t one;
  pid_t supervisor = getpid();
  sigemptyset(&ours);
  sigaddset(&ours, SIGCHLD), sigaddset(&ours, SIGINT), sigaddset(&ours, SIGTERM), sigaddset(&ours, SIGHUP);
  sigaddset(&ours, SIGQUIT);
  sigprocmask(SIG_BLOCK, &ours, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof one, &one);
  change_settings();
  pid_t coordinator = fork();
  if (coordinator == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != supervisor) _exit(0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    coordinate();
    exit(0);
  }
  do sigwait(&ours, &signal);
  while (signal == SIGCHLD && waitpid(coordinator, &status, WNOHANG) == 0);
  if (signal != SIGCHLD) kill(coordinator, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0) continue;
  if (undo_settings()) return 1;
  if (signal == SIGCHLD && !WIFSIGNALED(status)) return WEXITSTATUS(status);
  return 128 + (signal == SIGCHLD ? WTERMSIG(status) : signal);
}

int main(int argc, char **argv) {
  const char *state = NULL;
  int restore = 0;
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], PROCESS)) go_on(argv + i + 1);
    else if (!strcmp(argv[i], "--allow-settings")) allow_settings = geteuid() == 0;
    else if (!strcmp(argv[i], "--restore")) restore = 1;
    else if (!strcmp(argv[i], "--state") && argv[i + 1]) state = argv[++i];
    else errx(2, "it is: probe [--allow-settings] [--state FILE], or probe --restore --state FILE");
  }
  if (restore || allow_settings || (state && !access(state, F_OK))) lock_settings();
  open_state(state);
  return undo_settings() ? 1 : restore ? 0 : supervise();
}
