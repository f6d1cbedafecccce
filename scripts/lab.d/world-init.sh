#!/bin/bash
# PID 1 of a world. With a command: runs it, and its end is the world's. Without: says "up" and stays.
set -euo pipefail
trap 'echo "lab: the world could not be set up: $BASH_COMMAND" >&2; exit 125' ERR

lab=/run/clp-fsmon-lab

# In a world within a world the overlays must not pile up (the kernel takes two), so both stand on
# the machine's own directories; these go out of sight with the mount on /run, hence the open files.
below=
[[ ! -d $lab/etc ]] || below=$lab
exec 3<"$below/etc" 4<"$below/var"
mount -t tmpfs -o mode=755 clp-fsmon-lab /run
mkdir -m 0700 "$lab"
mkdir -p "$lab"/{hosts,tmp,etc,var} "$lab"/upper/{etc,var} "$lab"/work/{etc,var}
mount --no-canonicalize --bind /proc/self/fd/3 "$lab/etc"
mount --no-canonicalize --bind /proc/self/fd/4 "$lab/var"
exec 3<&- 4<&-
for directory in etc var; do
  mount -t overlay overlay "/$directory" \
    -o "lowerdir=$lab/$directory,upperdir=$lab/upper/$directory,workdir=$lab/work/$directory"
done
mount -t tmpfs -o mode=1777 shm /dev/shm
chmod 1777 "$lab/tmp"

printf '127.0.0.1 localhost\n::1 localhost\n' >"$lab/names"
mount --bind "$lab/names" /etc/hosts

# An address of its own: one taken from its ports would change as hosts come and go.
ip -batch - <<END
link set lo up
link add br0 address 02:00:0a:d5:00:01 type bridge
address add 10.213.0.1/16 dev br0
address add fd00:d5::1/64 dev br0 nodad
link set br0 up
END

export CLP_FSMON_LAB=$lab TMPDIR=$lab/tmp
trap - ERR

if [[ $# -eq 0 ]]; then
  echo up
  # Where SIGCHLD is ignored, the kernel buries orphans by itself.
  exec env --ignore-signal=CHLD sleep infinity >/dev/null
fi

env --default-signal=INT,QUIT "$@" <&0 &
command=$!
for signal in TERM HUP INT; do
  # shellcheck disable=SC2064 # both are known now
  trap "kill -$signal $command 2>/dev/null" "$signal"
done
while :; do
  status=0
  wait "$command" || status=$?
  kill -0 "$command" 2>/dev/null || exit "$status"
done
