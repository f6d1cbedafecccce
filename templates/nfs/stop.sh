#!/bin/sh
# Stops the NFS service of a failover group.
# For the stop script of an EXEC resource that stops synchronously.

# ---- Settings ----------------------------------------------------------------
# Name of the service, such as nfs-server; empty: found out.
SERVICE=''
# What starts services here, systemd or sysv; empty: found out.
INIT=''
# Where the scripts of SysV services lie.
INIT_D='/etc/init.d'
# ------------------------------------------------------------------------------

PATH=${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export PATH

find_init() {
  if [ -z "$INIT" ]; then
    if [ -d /run/systemd/system ]; then INIT=systemd; else INIT=sysv; fi
  fi
}

# Of the names a service has in the distributions, the first one that is known here.
# Ganesha is there on purpose; a kernel's server may have come along with the client.
find_service() {
  [ -z "$SERVICE" ] || return 0
  for name in "$@"; do
    if [ "$INIT" = systemd ]; then
      systemctl cat "$name.service" >/dev/null 2>&1 || continue
    else
      [ -x "$INIT_D/$name" ] || continue
    fi
    SERVICE=$name
    return 0
  done
  echo "No NFS service was found here; looked for: $*" >&2
  return 5
}

stop_service() {
  find_init
  find_service nfs-ganesha nfs-server nfs-kernel-server nfs || return
  if [ "$INIT" = systemd ]; then
    systemctl stop "$SERVICE.service"
  elif command -v service >/dev/null; then
    service "$SERVICE" stop
  else
    "$INIT_D/$SERVICE" stop
  fi
}

status=0
if [ "${CLP_EVENT:-}" = START ]; then
  if [ "${CLP_DISK:-}" = SUCCESS ]; then
    echo NORMAL1
    if [ "${CLP_SERVER:-}" = HOME ]; then
      echo NORMAL2
    else
      echo ON_OTHER1
    fi
    echo 'NFS stop'
    stop_service
    status=$?
  else
    echo 'ERROR_DISK from START'
  fi
elif [ "${CLP_EVENT:-}" = FAILOVER ]; then
  if [ "${CLP_DISK:-}" = SUCCESS ]; then
    echo FAILOVER1
    if [ "${CLP_SERVER:-}" = HOME ]; then
      echo FAILOVER2
    else
      echo ON_OTHER2
    fi
    echo 'NFS stop'
    stop_service
    status=$?
  else
    echo 'ERROR_DISK from FAILOVER'
  fi
else
  echo NO_CLP
fi
echo EXIT
exit "$status"
