# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# A directory that hangs while the host is well: itself, mounted over itself by a process that can be
# frozen. As with a real disk, whoever waits for it cannot be interrupted until it comes back.

disk_hang() {
  local host=${1:-} directory=${2:-} file pid
  require_host "${@:1:1}"
  require bindfs
  [[ $# -eq 2 && $directory == /?* ]] || usage "'hang' needs a host and a directory"
  on_host "$host" test -d "$directory" || fail "there is no directory $directory on '$host'"
  file=$(disk_file "$host" "$directory")
  ! disk_process "$file" >/dev/null || fail "$directory hangs already on '$host'"
  # What is known of its entries stays known, so that those above it do not hang with it.
  pid=$(daemon "$host" /var/log/bindfs bindfs -f --xattr-none \
    -o nonempty,entry_timeout=86400,negative_timeout=86400,attr_timeout=86400 \
    "$directory" "$directory")
  wait_until on_host "$host" mountpoint --quiet "$directory" ||
    fail "$directory could not be mounted on '$host'"
  on_host "$host" stat "$directory" >/dev/null
  echo "$pid $(started_at "$pid")" >"$file"
  signal STOP "$pid"
  wait_until processes_are T "$pid" || fail "$directory on '$host' does not hang"
}

disk_unhang() {
  local host=${1:-} directory=${2:-} file pid
  require_host "${@:1:1}"
  [[ $# -eq 2 ]] || usage "'unhang' needs a host and a directory"
  file=$(disk_file "$host" "$directory")
  pid=$(disk_process "$file") || fail "$directory does not hang on '$host'"
  signal CONT "$pid"
  # Whoever is in there may finish; the process ends with the last of them.
  on_host "$host" umount --lazy "$directory"
  rm "$file"
}

disk_file() { echo "$lab_hosts/$1/hung${2//\//:}"; }

disk_process() {
  local pid start
  read -r pid start 2>/dev/null <"$1" && is_running "$pid" "$start" && echo "$pid"
} 2>/dev/null
