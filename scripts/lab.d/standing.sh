#!/bin/bash
# The hosts of a standing lab: standing.sh LAB-COMMAND, inside its world.
set -euo pipefail
lab=$1

"$lab" add --address 10.213.0.10 samba >/dev/null
"$lab" add --address 10.213.0.20 nfs >/dev/null
"$lab" add --address 10.213.0.30 client >/dev/null
"$lab" start samba samba &
"$lab" start nfs ganesha &
for _ in 1 2; do wait -n; done
