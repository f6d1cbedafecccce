# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# rpcbind on a host.

rpcbind_start() {
  local host=$1
  shift
  [[ $# -eq 0 ]] || usage "rpcbind has no option '$1'"
  require rpcbind
  [[ -z $(processes_of "$host" rpcbind) ]] || fail "rpcbind is running on '$host'"
  on_host "$host" mkdir -p /run/rpcbind
  # Warm: a restart knows what had been registered.
  daemon "$host" /var/log/rpcbind rpcbind -f -w >/dev/null
  wait_until rpcbind_answers "$host" ||
    fail "rpcbind does not answer on '$host':" "$(rpcbind_log "$host" | tail -n 20)"
}

rpcbind_answers() { host_answers "$1" rpc 111 100000 2; }

rpcbind_stop() { process_end "$1" rpcbind; }

rpcbind_restart() {
  rpcbind_stop "$1"
  rpcbind_start "$@"
}

rpcbind_reload() { usage "rpcbind has nothing to reload"; }

rpcbind_log() { cat "$lab_hosts/$1/disk/var/log/rpcbind" 2>/dev/null || true; }
