#!/bin/sh
# Becomes the monitor of an instance, with the settings of its environment file: run.sh samba|nfs ID
PATH=${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export PATH

kind=$1
set -- "$2"
case $kind in
  samba)
    command=clp_sambamon
    set -- "$@" -s "${SHARE:-}"
    [ -z "${CREDENTIALS:-}" ] || set -- "$@" --credentials "$CREDENTIALS"
    ;;
  nfs)
    command=clp_nfsmon
    set -- "$@" -d "${DIRECTORY:-}"
    [ -z "${PORT:-}" ] || set -- "$@" -n "$PORT"
    ;;
  *)
    echo "run.sh: samba or nfs, not '$kind'" >&2
    exit 2
    ;;
esac
[ -z "${ADDRESS:-}" ] || set -- "$@" -a "$ADDRESS"
[ -z "${INTERVAL:-}" ] || set -- "$@" -i "$INTERVAL"
[ -z "${RETRIES:-}" ] || set -- "$@" -c "$RETRIES"
[ -z "${WAIT:-}" ] || set -- "$@" -r "$WAIT"
exec "$command" "$@"
