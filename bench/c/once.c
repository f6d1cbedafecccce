/*
 * Runs a command and tells what it took: once SECONDS TEXT COMMAND...
 *
 * One line of JSON: wall and CPU time from before the fork, with all descendants that were waited for; peak memory; the
 * status; the last line of what the command said. With a TEXT that is not empty the times are those at which the command
 * had said it, and the command is then ended by SIGTERM. After so many SECONDS it is killed. A small program forks, for
 * the kernel counts the forking process's memory in the peak of its child.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char said[65536];

static double read_ms(clockid_t clock)
{
	struct timespec t = {0, 0};

	clock_gettime(clock, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static char *last_line(void)
{
	char *end = said + strlen(said), *line;

	while (end > said && end[-1] <= ' ')
		*--end = '\0';
	line = strrchr(said, '\n');
	line = line == NULL ? said : line + 1;
	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\')
			*c = '\'';
	if (strlen(line) > 300)
		line[300] = '\0';
	return line;
}

int main(int argc, char **argv)
{
	int pipe_ends[2], status = 0, wants_text, has_text = 0, is_late = 0;
	double began, ended = 0, cpu = 0, limit_ms;
	size_t length = 0;
	struct rusage usage;
	clockid_t clock;
	pid_t pid;

	if (argc < 4 || pipe(pipe_ends) != 0)
		return 2;
	limit_ms = atof(argv[1]) * 1e3;
	wants_text = *argv[2] != '\0';
	began = read_ms(CLOCK_MONOTONIC);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(pipe_ends[1], 1);
		dup2(pipe_ends[1], 2);
		close(pipe_ends[0]);
		close(pipe_ends[1]);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	close(pipe_ends[1]);
	for (;;) {
		struct pollfd from = {.fd = pipe_ends[0], .events = POLLIN};
		double left = limit_ms - (read_ms(CLOCK_MONOTONIC) - began);
		ssize_t got;

		if (left <= 0 || poll(&from, 1, (int)left + 1) == 0) {
			is_late = 1;
			kill(pid, SIGKILL);
			break;
		}
		if (length > sizeof said - 4096) {
			memmove(said, said + length / 2, length - length / 2);
			length -= length / 2;
		}
		got = read(pipe_ends[0], said + length, sizeof said - 1 - length);
		if (got <= 0)
			break;
		length += got;
		said[length] = '\0';
		if (wants_text && !has_text && strstr(said, argv[2]) != NULL) {
			ended = read_ms(CLOCK_MONOTONIC);
			if (clock_getcpuclockid(pid, &clock) == 0)
				cpu = read_ms(clock);
			has_text = 1;
			kill(pid, SIGTERM);
		}
	}
	wait4(pid, &status, 0, &usage);
	if (!wants_text) {
		ended = read_ms(CLOCK_MONOTONIC);
		cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
		      (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
	}
	printf("{\"wallMs\":%.3f,\"cpuMs\":%.3f,\"peakKb\":%ld,\"status\":%d,\"isLate\":%s,\"found\":%s,\"said\":\"%s\"}\n",
	       ended - began, cpu, usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	       is_late ? "true" : "false", has_text ? "true" : "false", last_line());
	return 0;
}
