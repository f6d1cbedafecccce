# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# A world: one network, mount and PID namespace. PID 1's end is the end of everything in it, and
# what it keeps lies on a tmpfs that only it can see.

lab_dir=/run/clp-fsmon-lab
lab_unshare=(unshare --net --mount --pid --fork --kill-child=KILL --mount-proc)

in_world() { [[ ${CLP_FSMON_LAB:-} == "$lab_dir" && -d $lab_dir/hosts ]]; }

world_state() {
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] ||
    usage "a lab's name is letters, digits, '.', '_' and '-': not '$1'"
  echo "${TMPDIR:-/tmp}/clp-fsmon-lab/$1"
}

# Prints the PID 1 of a standing world, as seen from here. One that is dying has no namespaces more.
world_pid() {
  local pid start
  read -r pid start <"$1/world" || return 1
  is_running "$pid" "$start" && [[ -e /proc/$pid/ns/net ]] && echo "$pid"
} 2>/dev/null

# world_lock STATE: makes the state directory ours and holds it until this process ends. Another lab's
# end may remove the directory above it, this lab's end the directory itself, before we hold it.
world_lock() {
  local directory
  until (umask 077 && mkdir -p "$1") 2>/dev/null; do
    [[ -d ${TMPDIR:-/tmp} && ! -e ${1%/*} ]] || fail "cannot make $1; is TMPDIR a directory?"
  done
  for directory in "${1%/*}" "$1"; do
    [[ ! -L $directory && (-O $directory || ! -e $directory) ]] ||
      fail "$directory is not root's own directory; remove it or set TMPDIR"
  done
  if { exec {world_lock_fd}<"$1"; } 2>/dev/null; then
    flock "$world_lock_fd"
    [[ $(stat -c %i "$1" 2>/dev/null) != "$(stat -L -c %i "/proc/self/fd/$world_lock_fd")" ]] ||
      return 0
    exec {world_lock_fd}<&-
  fi
  world_lock "$1"
}

world_up() {
  local state launcher pid ready answer=''
  state=$(world_state "$1")
  require unshare nsenter setpriv flock ip nft smbd rpcbind ganesha.nfsd
  world_lock "$state"
  if world_pid "$state" >/dev/null; then
    echo "lab '$1' is up already"
    world_enter "$1" status
  fi

  # One that was killed may not be dead yet.
  world_kill "$state"

  exec {ready}< <(
    close_inherited
    exec setsid "${lab_unshare[@]}" bash "$lab_parts/world-init.sh" </dev/null 2>"$state/log"
  )
  launcher=$!
  read -r -t "$lab_patience" answer <&"$ready" || true
  exec {ready}<&-
  if [[ $answer != up ]]; then
    cat "$state/log" >&2
    kill -KILL "$launcher" 2>/dev/null || true
    world_forget "$state"
    fail "the world did not come up"
  fi
  pid=$(child_of "$launcher")
  echo "$pid $(started_at "$pid")" >"$state/world"

  world_into "$pid"
  if ! (close_inherited && "${into_world[@]}" bash "$lab_parts/standing.sh" "$lab_self"); then
    world_kill "$state"
    world_forget "$state"
    fail "the hosts did not come up"
  fi
  world_enter "$1" status
}

world_down() {
  local state
  state=$(world_state "$1")
  if [[ ! -d $state ]]; then
    echo "lab '$1' is not up"
    return
  fi
  world_lock "$state"
  world_kill "$state"
  world_forget "$state"
  echo "lab '$1' is down"
}

world_kill() {
  local pid start
  if read -r pid start 2>/dev/null <"$1/world" && is_running "$pid" "$start"; then
    kill -KILL "$pid" 2>/dev/null || true
    wait_until is_gone "$pid" "$start" || fail "process $pid does not die"
  fi
}

world_forget() {
  rm -rf -- "$1"
  rmdir -- "${1%/*}" 2>/dev/null || true
}

# world_into PID: sets into_world to what must stand before a command to run it in there.
world_into() {
  local directory=$PWD
  [[ -d /proc/$1/root$directory ]] || directory=/
  into_world=(
    nsenter -t "$1" -m -n -p --wdns="$directory" -- setpriv --pdeathsig KILL
    env CLP_FSMON_LAB="$lab_dir" TMPDIR="$lab_dir/tmp"
  )
}

# world_enter NAME ARG...: goes on as this command inside a standing world.
world_enter() {
  local name=$1 pid
  shift
  pid=$(world_pid "$(world_state "$name")") ||
    fail "lab '$name' is not up; bring it up with: $lab_self up --lab $name" \
      "or run a command in a world of its own: $lab_self run COMMAND"
  world_into "$pid"
  [[ -z ${world_lock_fd:-} ]] || exec {world_lock_fd}<&-
  exec "${into_world[@]}" bash "$lab_self" "$@"
}

world_run() {
  local launcher status signal
  require unshare setpriv ip nft
  # Without job control a background command would find SIGINT ignored, and no terminal to read.
  setpriv --pdeathsig KILL env --default-signal=INT,QUIT "${lab_unshare[@]}" \
    bash "$lab_parts/world-init.sh" "$@" <&0 &
  launcher=$!
  trap 'signal=TERM' TERM
  trap 'signal=HUP' HUP
  # A terminal sends Ctrl-C to everyone: the command has it already, and what it does is its affair.
  trap '[[ -t 0 || -t 1 || -t 2 ]] || signal=INT' INT
  while :; do
    signal='' status=0
    wait "$launcher" 2>/dev/null || status=$?
    ! processes_are_gone "$launcher" || exit "$status"
    [[ -z $signal ]] || world_interrupt "$launcher" "$signal"
  done
}

# The command may tidy up; if that takes longer than a moment, the world ends around it.
world_interrupt() {
  local pid
  ! pid=$(child_of "$1") || kill -"$2" "$pid" 2>/dev/null || true
  lab_patience=5 wait_until processes_are_gone "$1" || kill -KILL "$1" 2>/dev/null || true
}

world_status() {
  local host
  [[ $# -eq 0 ]] || usage "'status' takes only --lab NAME, not '$1'"
  printf '%-12s %-14s %-16s %s\n' HOST ADDRESS ADDRESS6 SERVICES
  while read -r host; do
    printf '%-12s %-14s %-16s %s\n' "$host" "$(host_fact "$host" address)" \
      "$(host_fact "$host" address6)" "$(service_summary "$host")"
  done < <(host_names)
}
