# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# NFS-Ganesha on a host, with rpcbind where NFSv3 needs it.

ganesha_start() {
  local host=$1 facts=$lab_hosts/$1/ganesha pid protocols nfs_port mount_port faults
  shift
  require ganesha.nfsd
  [[ -z $(processes_of "$host" ganesha) ]] || fail "ganesha is running on '$host'; use restart"
  if [[ $# -gt 0 || ! -e $facts ]]; then
    ganesha_configure "$host" "$@"
  fi
  read -r protocols nfs_port mount_port <"$facts"
  if [[ $protocols == *3* && -z $(processes_of "$host" rpcbind) ]]; then
    rpcbind_start "$host"
  fi
  on_host "$host" rm -f /var/log/ganesha/ganesha.log
  pid=$(daemon "$host" /var/log/ganesha/stdout ganesha.nfsd -F -f /etc/ganesha/ganesha.conf \
    -L /var/log/ganesha/ganesha.log -p /run/ganesha.pid)
  [[ -n $pid ]] || fail "ganesha.nfsd ended at once on '$host':" "$(ganesha_log "$host" | tail -n 20)"
  wait_until ganesha_answers_or_ended "$host" "$pid" "$protocols" "$nfs_port" "$mount_port" || true
  ganesha_answers "$host" "$protocols" "$nfs_port" "$mount_port" ||
    fail "ganesha.nfsd does not answer on '$host':" "$(ganesha_log "$host" | tail -n 20)"
  # It passes over what it does not understand.
  if faults=$(ganesha_log "$host" | grep config_errs_to_log); then
    ganesha_stop "$host"
    fail "ganesha.nfsd does not understand what it shall do on '$host':" "$faults"
  fi
}

ganesha_answers_or_ended() { ganesha_answers "$1" "${@:3}" || processes_are_gone "$2"; }

# ganesha_answers HOST PROTOCOLS NFS-PORT MOUNT-PORT
ganesha_answers() {
  local protocol
  for protocol in ${2//,/ }; do
    host_answers "$1" rpc "$3" 100003 "$protocol" || return 1
  done
  [[ $2 != *3* ]] || host_answers "$1" rpc "$4" 100005 3
}

ganesha_stop() { process_end "$1" ganesha; }

ganesha_restart() {
  ganesha_stop "$1"
  ganesha_start "$@"
}

ganesha_reload() { usage "ganesha is not reloaded here; use restart"; }

ganesha_log() { cat "$lab_hosts/$1"/disk/var/log/ganesha/* 2>/dev/null || true; }

ganesha_configure() {
  local host=$1 protocols=3,4 minors=0,1,2 grace=off nfs_port=2049 mount_port=20048 conf=''
  local privileged=false exports=() core=() spec id=0 path pseudo fsal extra
  local disk=$lab_hosts/$1/disk
  shift
  while [[ $# -gt 0 ]]; do
    if [[ $1 == --privileged ]]; then
      privileged=true
      shift
      continue
    fi
    [[ $# -ge 2 ]] || usage "'$1' needs a value"
    case $1 in
      --protocols) protocols=$2 ;;
      --minors) minors=$2 ;;
      --grace) grace=$2 ;;
      --nfs-port) nfs_port=$2 ;;
      --mount-port) mount_port=$2 ;;
      --export) exports+=("$2") ;;
      --core)
        [[ $2 == *=* ]] || usage "a line of --core is 'name = value': not '$2'"
        core+=("$2")
        ;;
      --conf) conf=$(cat -- "${2/#%-//dev/stdin}") ;;
      *) usage "ganesha has no option '$1'" ;;
    esac
    shift 2
  done
  [[ $protocols =~ ^(3|4|3,4)$ ]] || usage "--protocols is 3, 4 or 3,4: not '$protocols'"
  [[ $minors =~ ^[012](,[012])*$ ]] || usage "--minors is a list of 0, 1 and 2: not '$minors'"
  [[ $grace =~ ^(off|[0-9]+)$ ]] || usage "--grace is off or a number of seconds: not '$grace'"
  [[ ${#exports[@]} -gt 0 ]] || exports=('/srv/nfs/data /data VFS' '/srv/nfs/mem /mem MEM')

  for spec in "${exports[@]}"; do
    [[ $spec =~ ^/[^\ ]*\ +/[^\ ]*\ +[A-Z0-9_]+( |$) ]] ||
      usage "--export is 'PATH PSEUDO FSAL [more of the EXPORT block]': not '$spec'"
  done

  on_host "$host" mkdir -p /etc/ganesha /var/lib/nfs/ganesha
  {
    cat <<END
NFS_CORE_PARAM {
  Protocols = $protocols;
  NFS_Port = $nfs_port;
  MNT_Port = $mount_port;
  Enable_NLM = false;
  Enable_RQUOTA = false;
$([[ ${#core[@]} -eq 0 ]] || printf '  %s;\n' "${core[@]}")
}
NFSv4 {
  RecoveryBackend = fs;
  RecoveryRoot = /var/lib/nfs/ganesha;
  Minor_Versions = $minors;
  $([[ $grace == off ]] && echo 'Graceless = true;' || echo "Grace_Period = $grace; Lease_Lifetime = $grace;")
}
NFS_KRB5 { Active_krb5 = false; }
EXPORT_DEFAULTS {
  Access_Type = RW;
  Squash = No_Root_Squash;
  SecType = sys;
  Protocols = $protocols;
  PrivilegedPort = $privileged;
}
LOG { Default_Log_Level = EVENT; }
END
    for spec in "${exports[@]}"; do
      read -r path pseudo fsal extra <<<"$spec"
      ganesha_directory "$disk" "$path"
      printf 'EXPORT { Export_Id = %s; Path = %s; Pseudo = %s; FSAL { Name = %s; } %s }\n' \
        "$((++id))" "$path" "$pseudo" "$fsal" "$extra"
    done
    printf '%s\n' "$conf"
  } | on_host "$host" tee /etc/ganesha/ganesha.conf >/dev/null
  echo "$protocols $nfs_port $mount_port" >"$lab_hosts/$host/ganesha"
}

# ganesha_directory DISK PATH: an exported directory with something in it.
ganesha_directory() {
  [[ $2 == /srv/?* && ! -d $1$2 ]] || return 0
  mkdir -p "$1$2/sub"
  chmod 0777 "$1$2"
  echo hello >"$1$2/hello.txt"
  # 4 MiB in which every line knows its place.
  seq -w 599187 >"$1$2/big.bin"
  truncate --size=4M "$1$2/big.bin"
}
