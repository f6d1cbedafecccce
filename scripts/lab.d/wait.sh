# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# Processes and when they come and go. Every wait asks the thing itself; its limit only ends a wait
# that would never be over.

lab_patience=${CLP_FSMON_LAB_PATIENCE_S:-60}

# wait_until COMMAND...: polls it until it succeeds; fails when the patience is at its end.
wait_until() {
  local end=$((SECONDS + lab_patience))
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.02
  done
}

# The one child of a process that has one, as unshare does.
child_of() {
  local child
  read -r child _ <"/proc/$1/task/$1/children" || [[ -n $child ]] || return 1
  [[ -n $child ]] && echo "$child"
} 2>/dev/null

# The kernel's start time tells a process from a later one with its number.
started_at() {
  local stat
  read -r stat <"/proc/$1/stat" || return 1
  # shellcheck disable=SC2086 # to split the fields after the name, which may hold spaces itself
  set -- ${stat##*) }
  # Dead it is when its last thread is; until then its sockets may be open.
  [[ $1 != [ZX] || ${18} -gt 1 ]] && echo "${20}"
} 2>/dev/null

is_running() { [[ $(started_at "$1") == "$2" ]]; }
is_gone() { ! is_running "$@"; }

# Closes what a daemon must not keep open for those who started it: a pipe held is a reader hung.
close_inherited() {
  local fd
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    ((fd <= 2)) || eval "exec $fd>&-"
  done
}
