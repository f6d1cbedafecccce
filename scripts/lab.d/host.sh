# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# A host: network, mount, PID, IPC and UTS namespaces, one wire to the world's bridge, a disk (/etc,
# /var and /srv) that outlives a power cut. Its PID 1's end is its power off. While it runs, its /etc
# and /var are written from within: an overlay does not see what changes beneath it.

lab_hosts=$lab_dir/hosts

host_fact() { cat "$lab_hosts/$1/$2"; }

host_names() {
  local directory
  for directory in "$lab_hosts"/*/; do
    [[ ! -e $directory/pid ]] || basename "$directory"
  done
}

require_host() {
  [[ $# -gt 0 ]] || usage "this command needs a host"
  host_is_up "$1" || fail "there is no host '$1' that is up; there are: $(host_names | xargs)" \
    "add it with: $lab_self add $1"
}

host_is_up() {
  local pid start
  [[ -n $1 && $1 != */* ]] && read -r pid start <"$lab_hosts/$1/pid" && is_running "$pid" "$start"
} 2>/dev/null

# host_pid HOST: its PID 1, as the world sees it.
host_pid() {
  local pid
  read -r pid _ <"$lab_hosts/$1/pid"
  echo "$pid"
}

# host_into HOST: sets into_host to what must stand before a command to run it in there.
host_into() {
  local pid directory=$PWD
  pid=$(host_pid "$1")
  [[ -d /proc/$pid/root$directory ]] || directory=/
  into_host=(
    nsenter -t "$pid" -m -n -p -u -i --wdns="$directory" -- setpriv --pdeathsig KILL
    env -u CLP_FSMON_LAB
  )
}

# on_host HOST COMMAND...
on_host() {
  local into_host
  host_into "$1"
  "${into_host[@]}" "${@:2}"
}

# host_answers HOST smb|rpc PORT ...
host_answers() {
  on_host "$1" timeout 3 bash "$lab_parts/ask.sh" "$2" "$(host_fact "$1" address)" "${@:3}"
}

host_exec() {
  require_host "$@"
  [[ $# -ge 2 ]] || usage "'exec' needs a command"
  host_into "$1"
  exec "${into_host[@]}" "${@:2}"
}

host_add() {
  local name='' address='' address6 unique='' number directory ready answer='' launcher pid lock
  while [[ $# -gt 0 ]]; do
    case $1 in
      --address)
        [[ $# -ge 2 ]] || usage "--address needs an address"
        address=$2
        shift
        ;;
      --unique) unique=1 ;;
      -*) usage "'add' has no option '$1'" ;;
      *) name=$1 ;;
    esac
    shift
  done
  [[ $name =~ ^[a-z][a-z0-9-]{0,40}$ ]] ||
    usage "a host's name is small letters, digits and '-', a letter first: not '$name'"

  exec {lock}>"$lab_dir/lock"
  flock "$lock"
  number=$(($(cat "$lab_dir/count" 2>/dev/null || echo 0) + 1))
  echo "$number" >"$lab_dir/count"
  [[ -z $unique ]] || name+=-$number
  ! host_is_up "$name" || fail "host '$name' is up already"
  directory=$lab_hosts/$name
  if [[ -z $address && -e $directory/address ]]; then
    address=$(<"$directory/address")
  fi
  address=${address:-10.213.$((number / 250 + 1)).$((number % 250 + 1))}
  [[ $address =~ ^10\.213\.([0-9]{1,3})\.([0-9]{1,3})$ ]] || usage "$address is not in 10.213.0.0/16"
  address6=$(printf 'fd00:d5::%x:%x' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}")
  # As others would write it.
  address6=${address6/::0:/::}
  host_claims "$name" "$address" || fail "another host has the address $address"
  mkdir -p "$directory"
  echo "$address" >"$directory/address"
  echo "$address6" >"$directory/address6"
  echo "v$number" >"$directory/wire"
  grep -q " $name\$" "$lab_dir/names" ||
    printf '%s %s\n' "$address" "$name" "$address6" "$name" >>"$lab_dir/names"
  exec {lock}>&-

  exec {ready}< <(
    close_inherited
    exec setsid unshare --net --mount --pid --ipc --uts --fork --kill-child=KILL --mount-proc \
      bash "$lab_parts/host-init.sh" "$name" "$directory" </dev/null 2>"$directory/log"
  )
  launcher=$!
  read -r -t "$lab_patience" answer <&"$ready" || true
  exec {ready}<&-
  if [[ $answer != up ]] || ! pid=$(child_of "$launcher"); then
    cat "$directory/log" >&2
    kill -KILL "$launcher" 2>/dev/null || true
    fail "host '$name' did not come up"
  fi

  ip link add "v$number" type veth peer name eth0 netns "$pid"
  ip link set "v$number" master br0 up
  nsenter -t "$pid" -n ip -batch - <<END
address add $address/16 dev eth0
address add $address6/64 dev eth0 nodad
link set eth0 up
END
  wait_until wire_is_up "v$number" || fail "the wire of '$name' did not come up"
  echo "$pid $(started_at "$pid")" >"$directory/pid"
  printf '%s\n' "$name" "$address" "$address6" "$pid"
}

wire_is_up() { [[ $(ip -o link show "$1") == *"state UP"* ]]; }

host_claims() {
  local file
  for file in "$lab_hosts"/*/address; do
    [[ ! -e $file || $file == "$lab_hosts/$1/address" || $(<"$file") != "$2" ]] || return 1
  done
}

host_off() {
  local pid start
  require_host "$@"
  read -r pid start <"$lab_hosts/$1/pid"
  kill -KILL "$pid"
  wait_until is_gone "$pid" "$start" || fail "process $pid does not die"
  network_hasten "$1"
  # The kernel takes the wire down some time after the last process; the address must be free now.
  ip link delete "$(host_fact "$1" wire)" 2>/dev/null || true
  rm -f "$lab_hosts/$1/pid"
  systemd_forget_groups
}
