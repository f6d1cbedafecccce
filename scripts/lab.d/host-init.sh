#!/bin/bash
# PID 1 of a host: host-init.sh NAME DIRECTORY. Says "up" and stays.
set -euo pipefail
trap 'echo "lab: the host could not be set up: $BASH_COMMAND" >&2' ERR

name=$1
directory=$2
lab=/run/clp-fsmon-lab

mkdir -p "$directory"/disk/{etc,var,srv} "$directory"/work/{etc,var}
for part in etc var; do
  mount -t overlay overlay "/$part" \
    -o "lowerdir=$lab/$part,upperdir=$directory/disk/$part,workdir=$directory/work/$part"
done
mount --bind "$directory/disk/srv" /srv
mount --bind "$lab/names" /etc/hosts

# A host sees of the world only the directory for temporary files, which tests share with it.
exec 3<"$lab/tmp"
mount -t tmpfs -o mode=755 run /run
mkdir -p "$lab/tmp" /run/lock /run/user
mount --no-canonicalize --bind /proc/self/fd/3 "$lab/tmp"
exec 3<&-
mount -t tmpfs -o mode=1777 shm /dev/shm

hostname "$name"
echo "$name" >/etc/hostname
ip link set lo up

echo up
# Where SIGCHLD is ignored, the kernel buries orphans by itself.
exec env --ignore-signal=CHLD sleep infinity >/dev/null
