/* Preloaded into a monitor: tells again and again how many bytes of malloc()'s are in use. */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char place[4096], beside[4100];
static struct timespec pause_between;

/* Nothing here allocates, and a reader never sees half a number. */
static void *tell(void *unused) {
  for (;; nanosleep(&pause_between, NULL)) {
    struct mallinfo2 all = mallinfo2();
    char text[32];
    int length = snprintf(text, sizeof text, "%zu", all.uordblks + all.hblkhd);
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) continue;
    ssize_t written = write(file, text, length);
    close(file);
    if (written == length) rename(beside, place);
  }
  return unused;
}

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("CLP_FSMON_SOAK_MALLOC"), *every = getenv("CLP_FSMON_SOAK_EVERY_MS");
  pthread_t thread;
  if (name == NULL || every == NULL) return;
  pause_between.tv_sec = atol(every) / 1000;
  pause_between.tv_nsec = atol(every) % 1000 * 1000000;
  snprintf(place, sizeof place, "%s", name);
  snprintf(beside, sizeof beside, "%s.tmp", place);
  unsetenv("LD_PRELOAD");
  if (pthread_create(&thread, NULL, tell, NULL) == 0) pthread_detach(thread);
}
