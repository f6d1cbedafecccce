/* Serves checks: a line with a number is read, so many checks are made, a line of JSON tells of them. */
#ifndef LOOP_H
#define LOOP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Makes one check with a connection of its own; NULL, or what went wrong. */
typedef const char *check_fn(void);

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* The peak since exec; ru_maxrss would tell of whoever forked us as well. */
static long peak_kb(void)
{
	char line[256];
	long kb = 0;
	FILE *status = fopen("/proc/self/status", "r");

	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		sscanf(line, "VmHWM: %ld", &kb);
	if (status != NULL)
		fclose(status);
	return kb;
}

static int serve(check_fn *check)
{
	char line[32];

	while (fgets(line, sizeof line, stdin) != NULL) {
		int count = atoi(line), failed = 0;
		char reason[200] = "";
		double began_cpu = cpu_ms();

		printf("{\"wallMs\":[");
		for (int i = 0; i < count; i++) {
			double began = now_ms();
			const char *problem = check();

			printf("%s%.3f", i == 0 ? "" : ",", now_ms() - began);
			if (problem != NULL) {
				failed++;
				snprintf(reason, sizeof reason, "%s", problem);
			}
		}
		for (char *c = reason; *c != '\0'; c++)
			if (*c < ' ' || *c == '"' || *c == '\\')
				*c = '\'';
		printf("],\"cpuMs\":%.3f,\"peakKb\":%ld,\"failed\":%d,\"reason\":\"%s\"}\n",
		       cpu_ms() - began_cpu, peak_kb(), failed, reason);
		fflush(stdout);
	}
	return 0;
}

#endif
