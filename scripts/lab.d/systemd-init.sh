#!/bin/bash
# On a host, becomes systemd as PID 1 of namespaces within it: systemd-init.sh TREE
#
# A service manager does a lot to a machine when it begins: it empties /tmp, sets what the kernel has to set,
# makes device files. So it is given no unit of the machine's, and nothing of the machine that could be
# written; both are looked at before it begins.
set -euo pipefail
tree=$1
lab=/run/systemd-lab

if [[ ${2:-} != inside ]]; then
  groups=$(findmnt --raw --noheadings --types cgroup2 --output TARGET | head -n 1)
  [[ -n $groups ]] || { echo "lab: no cgroup2 is mounted" >&2 && exit 1; }
  group=$(mktemp --directory "$groups/clp-fsmon-lab-XXXXXX")
  echo 0 >"$group/cgroup.procs"
  exec unshare --cgroup --mount --pid --fork --kill-child=KILL --mount-proc bash "$0" "$tree" inside
fi

mkdir -p "$lab"/{units,etc,empty,sbin,dev}

# The targets that our units depend on, with nothing behind them, and our units.
for name in basic sysinit shutdown multi-user network-online lab; do
  printf '[Unit]\nDescription=Lab: %s\nDefaultDependencies=no\n' "$name" >"$lab/units/$name.target"
done
for unit in "$tree"/templates/systemd/*.service; do
  sed "s|/usr/lib/clp-fsmon/templates|$tree/templates|" "$unit" >"$lab/units/${unit##*/}"
done
mount --bind "$lab/etc" /etc/systemd/system

# The commands where a package would put them.
for command in "$tree"/bin/*; do ln -sfn "$command" "$lab/sbin/${command##*/}"; done
ln -sfn "$(command -v node)" "$lab/sbin/node"
mount -t overlay overlay /usr/sbin -o "lowerdir=$lab/sbin:/usr/sbin"

# Device files of its own, and nothing of the machine that can be written.
mount -t tmpfs -o mode=755 dev "$lab/dev"
for name in null zero full random urandom tty; do
  touch "$lab/dev/$name"
  mount --bind "/dev/$name" "$lab/dev/$name"
  mount -o remount,bind,ro "$lab/dev/$name"
done
mkdir "$lab"/dev/{shm,pts}
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$lab/dev/pts"
ln -s pts/ptmx "$lab/dev/ptmx"
# Where it says what it has to say.
ln -s /var/log/systemd "$lab/dev/console"
mount --rbind "$lab/dev" /dev
while read -r _ _ _ _ target _; do
  case $target in
    /run | /run/systemd-lab/* | /etc | /etc/systemd/system | /var | /srv | /dev | /dev/* | /proc | /proc/*) ;;
    *) mount -o remount,bind,ro "$target" 2>/dev/null || true ;;
  esac
done <<<"$(tac /proc/self/mountinfo)"
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount -t tmpfs -o mode=1777 tmp /tmp
umount --recursive --lazy /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 "$(findmnt --raw --noheadings --types sysfs --output TARGET | head -n 1)/fs/cgroup"

export SYSTEMD_UNIT_PATH=/etc/systemd/system:$lab/units SYSTEMD_GENERATOR_PATH=$lab/empty
export SYSTEMD_ENVIRONMENT_GENERATOR_PATH=$lab/empty

for place in / /usr /root /home /opt /mnt /sys /proc/sys "$tree"; do
  [[ ! -d $place || $(findmnt --raw --noheadings --target "$place" --output OPTIONS | tail -n 1) == ro* ]] ||
    { echo "lab: $place could be written; systemd is not begun" >&2 && exit 1; }
done
[[ $(findmnt --raw --noheadings --target /tmp --output SOURCE | tail -n 1) == tmp ]] ||
  { echo "lab: /tmp is the machine's; systemd is not begun" >&2 && exit 1; }
[[ -z $(ls -A /etc/systemd/system) && $(systemd-analyze unit-paths) == "${SYSTEMD_UNIT_PATH/:/$'\n'}" ]] ||
  { echo "lab: units of the machine would be found; systemd is not begun" >&2 && exit 1; }

exec setpriv --bounding-set -sys_boot,-sys_module,-sys_time env -i container=lab PATH="$PATH" SYSTEMD_UNIT_PATH="$SYSTEMD_UNIT_PATH" \
  SYSTEMD_GENERATOR_PATH="$SYSTEMD_GENERATOR_PATH" SYSTEMD_ENVIRONMENT_GENERATOR_PATH="$lab/empty" \
  /usr/lib/systemd/systemd --system --unit=lab.target --log-target=console --log-color=no --show-status=no
