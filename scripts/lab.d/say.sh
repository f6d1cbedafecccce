# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# What the lab tells the person who typed the command.

# The status of the lab's own failures; `run` and `exec` hand on their command's and use 125.
lab_failure=1

fail() {
  printf 'lab: %s\n' "$@" >&2
  exit "$lab_failure"
}

usage() {
  printf 'lab: %s\n' "$1" "See: ${lab_self} --help" >&2
  exit 2
}

require_root() {
  ((EUID == 0)) || fail "namespaces and mounts need root; try: sudo $lab_self ..."
}

# require PROGRAM...: fails, naming the way out, unless all are installed.
require() {
  local program
  for program; do
    [[ -n $(type -P "$program") ]] ||
      fail "'$program' is not installed; run: ${lab_self%/*}/install-packages"
  done
}
