# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# The processes of a host's services: found by the host's own PID namespace, so that a signal never
# reaches another host or the machine.

# processes HOST: a line "PID PID-IN-HOST PARENT STATE NAME" each; zombies are not among them.
processes() {
  local pid
  pid=$(host_pid "$1")
  {
    find -L /proc/[0-9]*/ns/pid -maxdepth 0 -samefile "/proc/$pid/ns/pid" || true
  } 2>/dev/null | sed 's,/ns/pid$,/status,' | { xargs -r cat 2>/dev/null || true; } | awk '
    /^Name:/ { name = $2 }
    /^State:/ { state = $2 }
    /^PPid:/ { parent = $2 }
    /^NSpid:/ { print $2, $NF, parent, state, name }'
}

# processes_of HOST TARGET: those of one service, or part of it.
processes_of() {
  local names parent=0
  case $2 in
    samba*) names='^(smbd.*|cleanupd|lpqd|samba-dcerpcd|rpcd_.*)$' parent=$(samba_parent "$1") ;;
    ganesha) names='^ganesha[.]nfsd$' ;;
    rpcbind) names='^rpcbind$' ;;
  esac
  processes "$1" | awk -v names="$names" -v parent="$parent" -v target="$2" '
    $5 !~ names { next }
    target == "samba-parent" && $1 != parent { next }
    target == "samba-children" && $1 == parent { next }
    { print }'
}

# process_table ARG...: sets host, target and pids from a command line "HOST TARGET".
process_table() {
  require_host "$@"
  [[ $# -eq 2 ]] || usage "this command needs a host and a target, such as: $1 samba"
  host=$1
  target=$2
  [[ $target =~ ^(samba(-parent|-children)?|ganesha|rpcbind)$ ]] ||
    usage "there is no target '$target'; there are: samba samba-parent samba-children ganesha rpcbind"
  mapfile -t pids < <(processes_of "$host" "$target" | cut -d' ' -f1)
  [[ ${#pids[@]} -gt 0 ]] || fail "no $target is running on '$host'"
}

process_pids() {
  local host target pids
  process_table "$@"
  printf '%s\n' "${pids[@]}"
}

process_freeze() {
  local host target pids
  process_table "$@"
  signal STOP "${pids[@]}"
  # One that was just ending stays a zombie, for a frozen parent does not bury it.
  wait_until processes_are '[TZX]' "${pids[@]}" || fail "$target on '$host' does not freeze"
}

process_thaw() {
  local host target pids
  process_table "$@"
  signal CONT "${pids[@]}"
  wait_until processes_are '[^T]' "${pids[@]}" || fail "$target on '$host' does not thaw"
}

process_kill() {
  local host target pids
  process_table "$@"
  signal KILL "${pids[@]}"
  wait_until processes_are_gone "${pids[@]}" || fail "$target on '$host' does not die"
}

# One may have ended since it was listed; that is no fault.
signal() { kill -"$1" "${@:2}" 2>/dev/null || true; }

processes_are() {
  local pid line state=$1
  for pid in "${@:2}"; do
    while read -r line; do
      # shellcheck disable=SC2053 # a pattern
      [[ $line != State:* ]] || [[ ${line:7:1} == $state ]] || return 1
    done 2>/dev/null <"/proc/$pid/status" || true
  done
}

processes_are_gone() {
  local pid
  for pid; do
    ! started_at "$pid" >/dev/null || return 1
  done
}

# process_end HOST TARGET: asks it to end, and makes it.
process_end() {
  local pids
  # Looked for again until none is found: a parent may have forked after the first look.
  while mapfile -t pids < <(processes_of "$1" "$2" | cut -d' ' -f1) && [[ ${#pids[@]} -gt 0 ]]; do
    signal TERM "${pids[@]}"
    signal CONT "${pids[@]}"
    lab_patience=5 wait_until processes_are_gone "${pids[@]}" || signal KILL "${pids[@]}"
    wait_until processes_are_gone "${pids[@]}" || fail "$2 on '$1' does not die"
  done
}

# daemon HOST LOG COMMAND...: starts it, and prints its PID as the world sees it.
daemon() {
  local pid
  # shellcheck disable=SC2016 # expands in there
  pid=$(
    close_inherited
    on_host "$1" bash -c 'log=$1; shift; mkdir -p "${log%/*}"; setsid "$@" </dev/null >>"$log" 2>&1 & echo $!' - "${@:2}"
  )
  processes "$1" | awk -v pid="$pid" '$2 == pid { print $1 }'
}
