#!/bin/sh
# For a vrrp_script of keepalived: ends with 0 while the server that a monitor watches is well, else 1.
# Only reads the monitor's record, which takes a few ms. The server is well when
#   - it has answered since the monitor started, and has not been judged abnormal since, and
#   - the record is no older than MAX_AGE, be its monitor frozen, killed or stopped meanwhile.
# A monitor that is paused vouches for its server for as long as it runs.

# ---- Settings ----------------------------------------------------------------
# Identifier of the monitor: at most 48 letters and digits.
MONITOR_ID='sambawatch'
# Seconds after which a record counts no more; empty: the worst-case detection time and 10 seconds.
MAX_AGE=''
# ------------------------------------------------------------------------------

file=${CLP_FSMON_ROOT:-}/run/clp-fsmon/$MONITOR_ID.json
record='' boot='' stat=''
[ -f "$file" ] && { IFS= read -r record <"$file"; } 2>/dev/null || exit 1
# What was counted comes last. To look through it for a name in vain would take longer than all the rest.
record=${record%%',"tally":'*}

# One line of JSON. Within a text a quote is written \", so that "NAME": stands nowhere but where a name is.
has() {
  case $record in *"$1"*) return 0 ;; esac
  return 1
}
text() {
  value=${record#*\""$1"\":\"}
  if [ "$value" = "$record" ]; then value=''; else value=${value%%\"*}; fi
}
number() {
  value=${record#*\""$1"\":}
  if [ "$value" = "$record" ]; then value=''; else value=${value%%[!0-9]*}; fi
}

# Of another time since the machine started, nothing counts: neither the process nor the age.
text bootId
read -r boot </proc/sys/kernel/random/boot_id && [ "$boot" = "$value" ] || exit 1
! has '"how":"abnormal"' || exit 1
# A process that watches several servers goes on while others may answer for this one.
! has '"state":"abnormal"' || exit 1
has '"succeeded":true' || exit 1

if has '"state":"paused"' && ! has '"ended":{'; then
  text startTicks
  ticks=$value
  number pid
  { IFS= read -r stat <"/proc/$value/stat"; } 2>/dev/null || exit 1
  # shellcheck disable=SC2086 # to split the fields after the name, which may hold spaces itself
  set -- ${stat##*) }
  case $1 in [ZXx]) exit 1 ;; esac
  [ "${20:-}" = "$ticks" ] && exit 0
  exit 1
fi

number worstCaseMs
limit_s=${MAX_AGE:-$((${value:-0} / 1000 + 10))}
number uptimeMs
IFS=' .' read -r uptime_s _ </proc/uptime
[ -n "$value" ] && [ $((uptime_s - value / 1000)) -le "$limit_s" ]
