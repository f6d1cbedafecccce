#!/bin/sh
# Prints the resource that watches a share, an export or all of a list, in the words of crm or of pcs, and puts
# it last into the group of the service:
#   sh resource.sh --crm GROUP | crm configure
#   sh resource.sh --pcs GROUP | sh

# ---- Settings ----------------------------------------------------------------
# Name of the resource and identifier of the monitor: at most 48 letters and digits.
MONITOR_ID='fsmon'
# Share to watch, as in smb.conf; or directory to watch, as in exports.
SHARE=''
DIRECTORY=''
# Or the list of what one process watches, on every node: /etc/clp-fsmon/watches.toml
LIST=''
# Address of the server, such as the floating address of the group.
ADDRESS=''
# Port of the NFS server; empty: asked of the portmapper.
PORT=''
# File with the login for the share, readable by root alone, on every node.
CREDENTIALS=''
# Seconds between checks; empty: 30.
INTERVAL=''
# Retries after a failed check; empty: 5.
RETRIES=''
# Seconds to wait for the answers of one check; empty: 60.
WAIT=''
# ------------------------------------------------------------------------------

kind=nfs
[ -z "$SHARE" ] || kind=samba
[ -z "$LIST" ] || kind=run
# A start takes as long as a dead server takes to be found, and some more.
start_s=$(((1 + ${RETRIES:-5}) * ${WAIT:-60} + ${RETRIES:-5} * ${INTERVAL:-30} + 30))

# As the shell that runs pcs reads it, or as crm does.
quoted() {
  case $tool in
    pcs) printf "'%s'" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '"%s"' "$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g')" ;;
  esac
}

parameters() {
  printf ' kind=%s' "$kind"
  for pair in share "$SHARE" directory "$DIRECTORY" list "$LIST" address "$ADDRESS" port "$PORT" credentials \
    "$CREDENTIALS" interval "$INTERVAL" retries "$RETRIES" wait "$WAIT"; do
    if [ -z "${name:-}" ]; then
      name=$pair
    else
      [ -z "$pair" ] || printf ' %s=%s' "$name" "$(quoted "$pair")"
      name=''
    fi
  done
}

case ${1:---crm} in
  --crm | --pcs) ;;
  *)
    echo 'usage: resource.sh [--crm GROUP | --pcs GROUP]' >&2
    exit 2
    ;;
esac

if [ "${1:-}" = --pcs ]; then
  tool=pcs
  printf 'pcs resource create %s ocf:clp:fsmon%s op start timeout=%ss op stop timeout=60s' \
    "$MONITOR_ID" "$(parameters)" "$start_s"
  printf ' op monitor interval=10s timeout=20s --group %s\n' "${2:-GROUP}"
else
  tool=crm
  printf 'primitive %s ocf:clp:fsmon params%s op start timeout=%ss op stop timeout=60s' \
    "$MONITOR_ID" "$(parameters)" "$start_s"
  printf ' op monitor interval=10s timeout=20s\n'
  [ -z "${2:-}" ] || printf 'modgroup %s add %s\n' "$2" "$MONITOR_ID"
fi
