#!/bin/bash
# Stands between nsenter and a command that may be frozen: foreground.sh COMMAND...
# nsenter stops with its child, and would then never tell of the child's end.
ulimit -c 0
env --default-signal=INT,QUIT setpriv --pdeathsig KILL "$@" <&0 &
wait $!
status=$?
# What ended by a signal is told as that.
((status <= 128)) || kill -$((status - 128)) $$
exit "$status"
