# shellcheck shell=bash disable=SC2154 # a part of scripts/lab, which sets what is not set here
# Services by name: samba, ganesha, rpcbind.

service_call() {
  local verb=$1 host=${2:-} service=${3:-}
  require_host "${@:2:1}"
  case $service in
    samba | ganesha | rpcbind) "${service}_$verb" "$host" "${@:4}" ;;
    '') usage "'$verb' needs a service: samba, ganesha or rpcbind" ;;
    *) usage "there is no service '$service'; there are: samba ganesha rpcbind" ;;
  esac
}

service_start() { service_call start "$@"; }
service_stop() { service_call stop "$@"; }
service_restart() { service_call restart "$@"; }
service_reload() { service_call reload "$@"; }
service_log() { service_call log "$@"; }

# service_summary HOST: what runs there, and whether it answers.
service_summary() {
  local service states words=() protocols nfs_port mount_port
  for service in samba rpcbind ganesha; do
    states=$(processes_of "$1" "$service" | cut -d' ' -f4)
    [[ -n $states ]] || continue
    if [[ $states == *T* ]]; then
      words+=("$service=frozen")
    elif case $service in
      ganesha)
        read -r protocols nfs_port mount_port <"$lab_hosts/$1/ganesha"
        ganesha_answers "$1" "$protocols" "$nfs_port" "$mount_port"
        ;;
      *) "${service}_answers" "$1" ;;
    esac; then
      words+=("$service=answers")
    else
      words+=("$service=silent")
    fi
  done
  echo "${words[*]:-}"
}
