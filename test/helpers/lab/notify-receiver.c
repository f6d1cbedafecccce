/* Takes messages as a service manager does, and writes each with a NUL behind it: receiver SOCKET FILE */
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char message[65536];
  if (argc != 3 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
  strcpy(address.sun_path, argv[1]);
  int file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
  int receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (file < 0 || receiver < 0 || bind(receiver, (struct sockaddr *)&address, sizeof address)) return 1;
  for (;;) {
    /* A sender that waits until it was heard sends a pipe along, which is closed when it is not asked for. */
    ssize_t length = recv(receiver, message, sizeof message - 1, 0);
    if (length < 0) return 1;
    message[length] = 0;
    if (length > 0 && write(file, message, length + 1) < 0) return 1;
  }
}
