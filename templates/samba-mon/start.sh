#!/bin/sh
# Starts watching a Samba share, and stays until the monitor ends.
# For the start script of an EXEC resource that starts asynchronously, depends on the EXEC resource of
# the service, and is watched by a PID monitor.

# ---- Settings ----------------------------------------------------------------
# Identifier of the monitor, the same as in stop.sh: letters and digits.
MONITOR_ID='sambawatch'
# Name of the file or printer share to watch, as in smb.conf.
SHARE='XXXX'
# Address of the server, such as a floating address; empty: 127.0.0.1.
ADDRESS=''
# File with the login (username = ..., password = ...), readable by root alone; empty: none.
CREDENTIALS=''
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
  set -- "$MONITOR_ID" -s "$SHARE"
  [ -z "$ADDRESS" ] || set -- "$@" -a "$ADDRESS"
  [ -z "$CREDENTIALS" ] || set -- "$@" --credentials "$CREDENTIALS"
  [ -z "$INTERVAL" ] || set -- "$@" -i "$INTERVAL"
  [ -z "$RETRIES" ] || set -- "$@" -c "$RETRIES"
  [ -z "$WAIT" ] || set -- "$@" -r "$WAIT"
  clp_sambamon "$@"
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
    echo 'clp_sambamon start'
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
    echo 'clp_sambamon start'
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
