#!/bin/sh
# Starts watching an NFS export, and stays until the monitor ends.
# For the start script of an EXEC resource that starts asynchronously, depends on the EXEC resource of
# the service, and is watched by a PID monitor.

# ---- Settings ----------------------------------------------------------------
# Identifier of the monitor, the same as in stop.sh: letters and digits.
MONITOR_ID='nfswatch'
# Directory to watch, as in exports.
DIRECTORY='XXXX'
# Address of the server, such as a floating address; empty: one of this server.
ADDRESS=''
# Port of the NFS server; empty: asked of the portmapper.
PORT=''
# Seconds between checks, 1..10000; empty: 30.
INTERVAL=''
# Retries after a failed check, 1..10000; empty: 5.
RETRIES=''
# Seconds to wait for the answers of one check, 1..10000; empty: 60.
WAIT=''
# ------------------------------------------------------------------------------

PATH=${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export PATH

start_monitor() {
  set -- "$MONITOR_ID" -d "$DIRECTORY"
  [ -z "$ADDRESS" ] || set -- "$@" -a "$ADDRESS"
  [ -z "$PORT" ] || set -- "$@" -n "$PORT"
  [ -z "$INTERVAL" ] || set -- "$@" -i "$INTERVAL"
  [ -z "$RETRIES" ] || set -- "$@" -c "$RETRIES"
  [ -z "$WAIT" ] || set -- "$@" -r "$WAIT"
  clp_nfsmon "$@"
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
    echo 'clp_nfsmon start'
    start_monitor
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
    echo 'clp_nfsmon start'
    start_monitor
    status=$?
  else
    echo 'ERROR_DISK from FAILOVER'
  fi
else
  echo NO_CLP
fi
echo EXIT
exit "$status"
