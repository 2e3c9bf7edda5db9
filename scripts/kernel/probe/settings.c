/* What is changed on the whole machine: khugepaged, swap, KSM. Each change is noted in the state file before
 * it is made, as a line `PATH VALUE`: what is to be written there at the end. A device is to be swapped off.
 * */
#include "probe.h"
#include <ctype.h>
#include <dirent.h>
#include <sched.h>
#include <stddef.h>
#include <sys/swap.h>
#include <sys/un.h>

#define KSM_DIR "/sys/kernel/mm/ksm/"
#define SLEEP "10000" /* of milliseconds, the first digits */
#define KSMD "ksmd" /* in the state file: the processors that it may run on */

enum { IDLE = 250 }; /* looks at a daemon that sleeps on until it is taken to have nothing to do */

static const char *state_path;
static FILE *state; /* the state file, when there is one */

void open_state(const char *path) {
  struct stat s;
  state_path = path;
  state = path ? fopen(path, "r+e") : NULL;
  if (path && !state && errno != ENOENT) err(2, "%s", path);
  if (state && (fstat(fileno(state), &s) < 0 || s.st_uid != geteuid())) errx(2, "%s: another user's", path);
}

/* If a change cannot be noted, it must not be made. */
static int note(const char *path, const char *value) {
  if (!state) state = state_path ? fopen(state_path, "w+xe") : tmpfile();
  return !state || fprintf(state, "%s %s\n", path, value) < 0 || fflush(state) ? -1 : 0;
}

static int change(const char *path, const char *value) {
  char before[64];
  if (sscanf(read_text(path), "%63s", before) != 1 || note(path, before) < 0) return -1;
  return write_text(path, value);
}

/* The daemon of KSM, or 0. */
static pid_t ksmd(void) {
  char path[300];
  DIR *all = opendir("/proc");
  pid_t found = 0;
  for (struct dirent *entry; all && !found && (entry = readdir(all));) {
    if (!isdigit(entry->d_name[0])) continue;
    snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
    if (!strcmp(read_text(path), "ksmd\n")) found = (pid_t)atoi(entry->d_name);
  }
  if (all) closedir(all);
  return found;
}

/* A list such as 0-3,8. Returns -1 if it is none. */
static int parse_processors(const char *list, cpu_set_t *set) {
  CPU_ZERO(set);
  for (int first, last, used; *list; list += used + (list[used] == ',')) {
    if (sscanf(list, "%d%n-%d%n", &first, &used, &last, &used) < 2) last = first;
    if (sscanf(list, "%d", &first) != 1 || first < 0 || last < first || last >= CPU_SETSIZE) return -1;
    if (list[used] && list[used] != ',') return -1;
    for (; first <= last; first++) CPU_SET(first, set);
  }
  return 0;
}

static int let_ksmd_run_on(const char *list) {
  cpu_set_t set;
  return parse_processors(list, &set) || sched_setaffinity(ksmd(), sizeof set, &set) ? -1 : 0;
}

/* What KSM copies lies in a batch of the processor that its daemon runs on, which holds a reference, and only
 * the own processor's batches are flushed before each operation: so it must run on the same one. */
static void bring_ksmd_here(void) {
  char path[48], here[16], before[64];
  const pid_t daemon = ksmd();
  snprintf(path, sizeof path, "/proc/%d/status", daemon);
  snprintf(here, sizeof here, "%d", sched_getcpu());
  FILE *status = daemon ? fopen(path, "re") : NULL;
  int known = 0;
  for (char text[512]; status && !known && fgets(text, sizeof text, status);)
    known = sscanf(text, "Cpus_allowed_list: %63s", before);
  if (status) fclose(status);
  if (known && strlen(before) < 60 && !note(KSMD, before)) let_ksmd_run_on(here);
}

static int undo(const char *path, const char *value) {
  if (!strncmp(path, "/sys/", 5)) return write_text(path, value);
  if (!strcmp(path, KSMD)) return let_ksmd_run_on(value);
  return swapoff(path) < 0 && errno != EINVAL ? -1 : 0;
}

/* If something cannot be undone, all stays noted: to do it again does no harm. */
int undo_settings(void) {
  char path[128], value[64];
  int failed = 0;
  if (!state) return 0;
  for (rewind(state); fscanf(state, "%127s %63s", path, value) == 2;)
    if (undo(path, value) < 0) failed++, fprintf(stderr, "probe: cannot undo %s\n", path);
  if (!failed && state_path) unlink(state_path);
  fclose(state);
  state = NULL;
  return failed;
}

/* Only one probe at a time may change settings. The lock is a name, which goes with the last process of a
 * run. */
void lock_settings(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0pinned-probe"};
  const socklen_t size = offsetof(struct sockaddr_un, sun_path) + sizeof "\0pinned-probe" - 1;
  int lock = socket(AF_UNIX, SOCK_DGRAM, 0), busy = 1;
  for (int ms = 0; busy && ms < LIMIT_MS; ms += 20)
    if ((busy = bind(lock, (struct sockaddr *)&name, size))) usleep(20000);
  if (busy) errx(2, "another probe changes settings");
}

/* khugepaged would put a split huge page together again. It sleeps the long interval only while it has
 * something to look at: hence the mapping, which stays. */
static void quieten_khugepaged(void) {
  const size_t size = 4ul << 20;
  if (access(THP_DIR, F_OK)) return;
  void *p = mmap(NULL, size, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(p, size, MADV_HUGEPAGE), madvise(p, size, MADV_DONTFORK);
  memset(p, 1, size);
  usleep(30000);
  change(THP_DIR "khugepaged/scan_sleep_millisecs", "100000000");
  usleep(30000);
}

/* Whether MADV_PAGEOUT turns a page into a swap entry. */
static int pages_go_out(void) {
  byte *page = new_page();
  int out = 0;
  for (int i = 0; i < 5 && !out; i++) {
    *page = 1;
    madvise(page, PAGE, ADVISE_PAGEOUT);
    out = entry_of(getpid(), (long)page) >> SWAPPED & 1;
  }
  return out;
}

/* Swaps to zram: what is written there is gone from memory at once. The header is what mkswap writes. */
static void swap_to_zram(int n) {
  static byte block[PAGE];
  const uint32_t version_and_last_page[2] = {1, (256 << 20) / PAGE - 1};
  char size[64], reset[64], device[32];
  snprintf(size, sizeof size, "/sys/block/zram%d/disksize", n);
  snprintf(reset, sizeof reset, "/sys/block/zram%d/reset", n);
  snprintf(device, sizeof device, "/dev/zram%d", n);
  if (strcmp(read_text(size), "0\n") || note(device, "swapoff") < 0 || note(reset, "1") < 0) return;
  if (write_text(size, "256M") < 0) return;
  memcpy(block + 1024, version_and_last_page, sizeof version_and_last_page);
  memcpy(block + PAGE - 10, "SWAPSPACE2", 10);
  int fd = open(device, O_RDWR | O_CLOEXEC);
  if (write(fd, block, PAGE) == (ssize_t)PAGE && fsync(fd) == 0) swapon(device, 0);
  close(fd);
}

void change_settings(void) {
  int no_ksm = access(KSM_DIR "run", F_OK);
  if (allow_settings) {
    quieten_khugepaged();
    for (int n = 0; n < 4 && !pages_go_out(); n++) swap_to_zram(n);
    no_ksm = no_ksm || change(KSM_DIR "run", "0") < 0;
    if (!no_ksm) bring_ksmd_here();
    change(KSM_DIR "sleep_millisecs", SLEEP "0");
    change(KSM_DIR "pages_to_scan", "20000");
  }
  if (no_ksm) lacking[KSM] = "not built in, or its settings cannot be changed";
  else if (!allow_settings) lacking[KSM] = "takes root and --allow-settings";
  if (!pages_go_out()) lacking[SWAP] = "takes swap that is on; or zram, root and --allow-settings";
}

/* How often the daemon was switched to while it slept, or 0 while it does not. Between two batches it sleeps
 * for a millisecond; with nothing to scan until somebody wakes it. */
static unsigned long sleeps_since(pid_t daemon) {
  char path[48], state = 0;
  unsigned long switches = 0;
  snprintf(path, sizeof path, "/proc/%d/status", daemon);
  FILE *status = fopen(path, "re");
  for (char text[512]; status && fgets(text, sizeof text, status);) {
    sscanf(text, "State: %c", &state);
    sscanf(text, "voluntary_ctxt_switches: %lu", &switches);
  }
  if (status) fclose(status);
  return state == 'S' ? switches : 0;
}

/* The daemon scans once, then sleeps for as long as sleep_millisecs says, and wakes when another number is
 * written there. So a number that nobody would wait for, now this one and now that, has it scan exactly as
 * often as it is told. */
static void wake_ksmd(void) {
  static int other;
  write_text(KSM_DIR "sleep_millisecs", other ? SLEEP "0" : SLEEP "1");
  other = !other;
}

/* Waits for a full scan. Returns 0 where the daemon has nothing to do. */
static int full_scan(pid_t daemon, long number) {
  unsigned long before = 0;
  for (int left = LOOKS * 10, idle = 0; left && idle < IDLE; left--) {
    if (atol(read_text(KSM_DIR "full_scans")) >= number) return 1;
    const unsigned long switches = sleeps_since(daemon);
    idle = switches && switches == before ? idle + 1 : 0;
    before = switches;
    if (idle % 10 == 9) wake_ksmd(); /* it was told before it slept */
    usleep(200);
  }
  return 0;
}

/* ksm and unksm: some full scans, or everything is unmerged. */
void op_ksm(const struct line *l) {
  const long before = atol(read_text(KSM_DIR "full_scans"));
  const pid_t daemon = lacking[KSM] ? 0 : ksmd();
  long scans = 0;
  if (lacking[KSM] || write_text(KSM_DIR "run", l->with ? "1" : "2") < 0) return;
  while (scans < l->with && full_scan(daemon, before + scans + 1))
    if (++scans < l->with) wake_ksmd();
  write_text(KSM_DIR "run", "0");
  wake_ksmd();
  say(scans == l->with ? "ok" : "timeout");
}
