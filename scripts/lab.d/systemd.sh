# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# systemd as the service manager of a host, with this tree's units; nothing of the machine's own is started.

systemd_run() {
  require_host "$@"
  if [[ $# -gt 1 ]]; then
    systemd_exec "$@"
    return
  fi
  require systemctl findmnt
  [[ -x /usr/lib/systemd/systemd ]] || fail "systemd is not installed; run: scripts/install-packages"
  [[ -z $(systemd_pid "$1") ]] || fail "'$1' has a service manager already"
  systemd_forget_groups
  daemon "$1" /var/log/systemd bash "$lab_parts/systemd-init.sh" "${lab_self%/*/*}" >/dev/null
  wait_until systemd_is_up "$1" ||
    fail "systemd did not come up on '$1':" "$(on_host "$1" cat /var/log/systemd)"
}

# As the host sees it.
systemd_pid() { on_host "$1" pgrep --exact --oldest systemd || true; }

systemd_is_up() {
  [[ -n $(systemd_pid "$1") && $(systemd_exec "$1" timeout 5 systemctl is-active lab.target 2>/dev/null) == active ]]
}

# systemd_exec HOST COMMAND...: where its service manager is PID 1.
systemd_exec() {
  local pid
  pid=$(systemd_pid "$1")
  [[ -n $pid ]] || fail "'$1' has no service manager; begin it with: $lab_self systemd $1"
  on_host "$1" nsenter --target "$pid" --mount --pid --cgroup -- "${@:2}"
}

# Control groups outlive their processes; those whose host is gone are taken away by who comes next.
# One that has no groups within is only about to be used.
systemd_forget_groups() {
  local group
  for group in "$(findmnt --raw --noheadings --types cgroup2 --output TARGET | head -n 1)"/clp-fsmon-lab-*/; do
    [[ -e $group/init.scope ]] || continue
    grep -q '^populated 0' "$group/cgroup.events" || continue
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true
  done
}
