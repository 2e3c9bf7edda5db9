/*
 * What the running kernel takes for the operations that scripts/bench/machine.ts times on the simulator: nanoseconds of CPU
 * time, user and system, a line each. Wall time doubles on a busy machine. The figures are medians of ROUNDS rounds.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE_SIZE 4096ul
#define ROUNDS 11

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* CPU time of this process so far. */
static double own_time(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* CPU time of the children that were waited for; what a child takes to exit is its own. */
static double childrens_time(void)
{
	struct rusage r;
	getrusage(RUSAGE_CHILDREN, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e9 +
	       (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e3;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void report(const char *name, double times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof times[0], ascending);
	printf("%s %.1f\n", name, times[ROUNDS / 2]);
}

/* Maps private memory that no huge page backs, and writes to each page of it. */
static char *touched(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		fail("mmap");
	madvise(p, pages * PAGE_SIZE, MADV_NOHUGEPAGE); /* a kernel without huge pages refuses: all the better */
	for (size_t i = 0; i < pages; i++)
		p[i * PAGE_SIZE] = 1;
	return p;
}

static void advise(char *page, int advice)
{
	if (madvise(page, PAGE_SIZE, advice))
		fail("madvise");
}

/* A write to a page that a living child shares: fault, allocate, copy 4 KiB. */
static void cow_fault(void)
{
	enum { PAGES = 4096 };
	double times[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		char *p = touched(PAGES);
		pid_t child = fork();
		if (child < 0)
			fail("fork");
		if (child == 0) {
			pause();
			_exit(0);
		}
		double start = own_time();
		for (size_t i = 0; i < PAGES; i++)
			*(volatile char *)(p + i * PAGE_SIZE) = 2;
		times[round] = (own_time() - start) / PAGES;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		munmap(p, PAGES * PAGE_SIZE);
	}
	report("cow_fault", times);
}

/*
 * MADV_DONTFORK of the middle one of three pages, which splits their mapping into three, and MADV_DOFORK, which merges them.
 * On either side of the three, every second page of `around` is marked, so that each is a mapping of its own.
 */
static void split_and_merge(const char *name, size_t around)
{
	enum { CALLS = 2000 };
	double times[ROUNDS];
	char *p = touched(2 * around + 3);

	for (size_t i = 0; i < around; i += 2) {
		advise(p + (around - 1 - i) * PAGE_SIZE, MADV_DONTFORK);
		advise(p + (around + 3 + i) * PAGE_SIZE, MADV_DONTFORK);
	}
	for (int round = 0; round < ROUNDS; round++) {
		double start = own_time();
		for (int i = 0; i < CALLS; i += 2) {
			advise(p + (around + 1) * PAGE_SIZE, MADV_DONTFORK);
			advise(p + (around + 1) * PAGE_SIZE, MADV_DOFORK);
		}
		times[round] = (own_time() - start) / CALLS;
	}
	munmap(p, (2 * around + 3) * PAGE_SIZE);
	report(name, times);
}

/* fork, exit of the child and wait, for each page that the parent has touched. */
static void fork_page(void)
{
	enum { PAGES = 10000 };
	double times[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		char *p = touched(PAGES);
		double start = own_time() + childrens_time();
		pid_t child = fork();
		if (child < 0)
			fail("fork");
		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
		times[round] = (own_time() + childrens_time() - start) / PAGES;
		munmap(p, PAGES * PAGE_SIZE);
	}
	report("fork_page", times);
}

int main(void)
{
	/* Parent and child on one CPU, so that no page table is flushed on another. */
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	cow_fault();
	split_and_merge("madvise_few", 0);
	split_and_merge("madvise_2000", 1000);
	fork_page();
	return 0;
}
