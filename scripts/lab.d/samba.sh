# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# Samba on a host, at the places where Debian has it.

samba_parent() {
  local pid start
  { read -r pid start <"$lab_hosts/$1/samba" && is_running "$pid" "$start" && echo "$pid"; } \
    2>/dev/null || echo 0
}

samba_start() {
  local host=$1 pid
  shift
  require smbd smbcontrol smbpasswd pdbedit testparm
  [[ -z $(processes_of "$host" samba) ]] || fail "samba is running on '$host'; use restart or reload"
  if [[ $# -gt 0 ]] || ! [[ -e $lab_hosts/$host/smb.ports ]]; then
    samba_configure "$host" "$@"
  fi
  pid=$(daemon "$host" /var/log/samba/stdout smbd --foreground --no-process-group)
  [[ -n $pid ]] || fail "smbd ended at once on '$host':" "$(samba_log "$host" | tail -n 20)"
  echo "$pid $(started_at "$pid")" >"$lab_hosts/$host/samba"
  wait_until samba_answers_or_ended "$host" || true
  samba_answers "$host" || fail "smbd does not answer on '$host':" "$(samba_log "$host" | tail -n 20)"
  # What asked has gone, but may still count as a session.
  lab_patience=2 wait_until samba_is_idle "$host" || true
}

samba_answers_or_ended() { samba_answers "$1" || [[ $(samba_parent "$1") == 0 ]]; }

samba_answers() {
  local port
  for port in $(<"$lab_hosts/$1/smb.ports"); do
    host_answers "$1" smb "$port" || return 1
  done
}

# Those that are no parent of sessions: notifyd and cleanupd.
samba_is_idle() { [[ $(processes_of "$1" samba-children | wc -l) -le 2 ]]; }

samba_stop() { process_end "$1" samba; }

samba_restart() {
  samba_stop "$1"
  samba_start "$@"
}

# Sessions that are open keep what they have; new ones see the new configuration.
samba_reload() {
  local parent
  parent=$(samba_parent "$1")
  [[ $parent != 0 ]] || fail "samba is not running on '$1'"
  [[ $# -eq 1 ]] || samba_configure "$@"
  signal HUP "$parent"
  # Signals come first in its loop: when it answers, it has read the configuration.
  on_host "$1" smbcontrol --timeout=10 smbd ping >/dev/null || fail "smbd does not heed on '$1'"
}

samba_log() { cat "$lab_hosts/$1"/disk/var/log/samba/* 2>/dev/null || true; }

samba_configure() {
  local host=$1 ports='445 139' conf=''
  local globals=() users=(labuser:Lab-Pass1) accounts=()
  shift
  while [[ $# -gt 0 ]]; do
    [[ $# -ge 2 ]] || usage "'$1' needs a value"
    case $1 in
      --global)
        # Samba would pass over it in silence.
        [[ $2 == *=* ]] || usage "a line of --global is 'name = value': not '$2'"
        globals+=("$2")
        ;;
      --port) [[ $ports != '445 139' ]] && ports+=" $2" || ports=$2 ;;
      --user) users+=("$2") ;;
      --account) accounts+=("$2") ;;
      --conf) conf=$(cat -- "${2/#%-//dev/stdin}") ;;
      *) usage "samba has no option '$1'" ;;
    esac
    shift 2
  done

  on_host "$host" mkdir -p /etc/samba
  {
    samba_conf "$ports" "${globals[@]}"
    printf '%s\n' "$conf"
  } | on_host "$host" tee /etc/samba/smb.conf.new >/dev/null
  on_host "$host" bash "$lab_parts/samba-setup.sh" "${users[@]}" -- "${accounts[@]}" ||
    fail "samba could not be set up on '$host'"
  # Asked of Samba, for a line of --global or --conf may have the last word.
  on_host "$host" testparm --suppress-prompt --parameter-name='smb ports' 2>/dev/null \
    >"$lab_hosts/$host/smb.ports"
}

# samba_conf PORTS LINE...
samba_conf() {
  local line share
  cat <<END
[global]
  workgroup = LAB
  server role = standalone server
  smb ports = $1
  disable netbios = yes
  map to guest = Bad User
  load printers = no
  printing = bsd
  printcap name = /dev/null
  print command = /bin/true %s
  usershare max shares = 0
  log file = /var/log/samba/log.smbd
  log level = 1
END
  for line in "${@:2}"; do printf '  %s\n' "$line"; done
  for share in guest user enc hdeny max1; do
    printf '[%s]\n  path = /srv/samba/%s\n  read only = no\n' "$share" "$share"
    case $share in
      guest) echo '  guest ok = yes' ;;
      user) echo '  valid users = labuser' ;;
      enc) printf '  valid users = labuser\n  smb encrypt = required\n' ;;
      hdeny) printf '  guest ok = yes\n  hosts deny = ALL\n' ;;
      max1) printf '  guest ok = yes\n  max connections = 1\n' ;;
    esac
  done
  cat <<END
[gone]
  path = /srv/samba/gone
  guest ok = yes
[printer]
  path = /srv/samba/spool
  printable = yes
  guest ok = yes
END
}
