/* What the files of the probe share. What the probe is, and how it is spoken to, stands at the top of main.c.
 * */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096l
#define RW (PROT_READ | PROT_WRITE)
#define LOCKED 64l /* pages: what scenes lock, or register as buffers, at once */
#define LIMIT_MS 60000 /* the last resort, by the clock: how long anybody is waited for */
#define LOOKS 5000 /* how often somebody is looked at who may never be done: a count, since a busy machine is slow */
enum { SLOTS = 4, ANCESTOR = 4, KEYS = 4 }; /* processes P0..P3; pins, pipes and stalled reads 0..3 */
enum { ADVISE_COLD = 20, ADVISE_PAGEOUT = 21 };                         /* newer than some C libraries */
enum { FORK, VFORK, SPAWN, THREAD };
enum { MEMFD = 1 << 30 }; /* beside MAP_PRIVATE and the like: a fresh file in memory */
#define PROCESS "--process" /* how the program is started by a process that executes it */
enum { PRESENT = 63, SWAPPED = 62, FILE_PAGE = 61, ONCE = 56, SOFT_DIRTY = 55 }; /* bits of pagemap entries */
#define FRAME(entry) ((entry) & ((1ull << 55) - 1))                     /* of such an entry; 0 without root */
#define THP_DIR "/sys/kernel/mm/transparent_hugepage/"

typedef unsigned char byte;

/* What a run can see and use: here is why it cannot, or NULL. */
enum feature { FRAMES, FAULTS, URING, FUSE, LOOP, SWAP, KSM, SOFTDIRTY, MEMLOCK, HUGETLB, USERNS, FEATURES };
extern const char *lacking[FEATURES];
extern int allow_settings; /* --allow-settings, and root */

/* An operation of a scene, with the operands that it has. */
struct line {
  int slot, other, key;
  byte value;
  long at, to, number, choice; /* two addresses, a number of pages, what a word stands for */
  long access;                 /* of a mapping: PROT_READ | PROT_WRITE, unless the line says else */
  long with;                   /* what the table of operations adds */
};
/* It says its answer; where it says nothing, the answer is `unavailable`. */
typedef void operation(const struct line *);
operation op_call, op_memory, op_mincore, op_access, op_cr, op_begin, op_exec, op_exit, op_snap; /* process.c */
operation op_pin, op_unpin, op_device, op_vms, op_pr, op_direct, op_end, op_vmread, op_vmend; /* devices.c */
operation op_ksm;                                                                             /* settings.c */

/* What a process is to do. All are forks of the coordinator, or have executed the same program again: the number
 * of a descriptor means the same in each of them, and so does the distance of a function from another. */
extern struct request {
  intptr_t run;      /* a DEED, which returns a value or -errno */
  int in_thread;     /* the result comes over the pipe `done` when it is there */
  int slot;          /* of a new process */
  int store;         /* a store, or a load, at args[0] */
  byte value;
  long number, args[6]; /* a system call */
  struct iovec range;   /* what an argument that is RANGE points to */
} request;
extern struct reply { long result, faults; int signal; } reply; /* `signal` hit a load or store */
extern pid_t processes[SLOTS + 1];                              /* 0: there is none; a thread by its own number */
extern int awaited[SLOTS];                                      /* by its parent in vfork(): the child's slot + 1 */
extern int done[2];

#define DEED(function) ((intptr_t)(function) - (intptr_t)do_call)
#define CALL(call, ...) (request = (struct request){.run = DEED(do_call), .number = call, .args = {__VA_ARGS__}})
#define RANGE INTPTR_MIN
long do_call(void);
int hear(int slot);  /* waits for `reply`; returns 0 after saying `timeout` */
int ask(int slot);   /* has `request` done, and waits for `reply`; returns 0 after saying `timeout` */
void tell(int slot); /* the same, and says the result */
uint64_t entry_of(pid_t pid, long at);
void look_around(void), start_ancestor(void), start_scene(void), end_scene(void);
void open_devices(void), open_files(void), close_servers(void), serve_files(void), reset_devices(void);
void go_on(char **words); /* a process whose program was replaced */
int *files_of_processes(int i); /* the descriptors on FUSE that they have; NULL behind the last */
void open_state(const char *path), lock_settings(void), change_settings(void);
int undo_settings(void); /* returns how many could not be undone */

__attribute__((format(printf, 1, 2))) void say(const char *format, ...); /* adds to the answer */
void say_result(long result);                                            /* `ok`, or the name of an errno */
int readable(int fd, int ms);
char *read_text(const char *path); /* the beginning of a small file; empty if it cannot be read */
int write_text(const char *path, const char *text);
void *new_page(void);
void *new_pages(long count);
