#!/bin/sh
# Stops watching an NFS export, and waits until the monitor has ended.
# For the stop script of an EXEC resource that stops synchronously.

# ---- Settings ----------------------------------------------------------------
# Identifier of the monitor, the same as in start.sh: letters and digits.
MONITOR_ID='nfswatch'
# Seconds to wait for its end, 1..10000; empty: 60.
STOP_WAIT=''
# ------------------------------------------------------------------------------

PATH=${PATH:+$PATH:}/usr/sbin:/usr/bin:/sbin:/bin
export PATH

stop_monitor() {
  set -- "$MONITOR_ID" -stop
  [ -z "$STOP_WAIT" ] || set -- "$@" "$STOP_WAIT"
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
    echo 'clp_nfsmon stop'
    stop_monitor
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
    echo 'clp_nfsmon stop'
    stop_monitor
    status=$?
  else
    echo 'ERROR_DISK from FAILOVER'
  fi
else
  echo NO_CLP
fi
echo EXIT
exit "$status"
