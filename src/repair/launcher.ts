/** What a launcher says when the program may begin, in place of why it may not. */
export const ready = 'ready'

/** What it waits for then. */
export const go = 'go\n'

/**
 * Looks at a program, asks, and becomes it. All that touches the disk of a step is done by this process
 * of the step's own: when that disk hangs, it is none of the monitor's threads that cannot go on, and a
 * kill that it was sent meanwhile comes before the program, whenever the disk comes back. A monitor that is
 * gone tells nothing any more, and nothing begins.
 *
 * Its arguments: the user of the monitor; the names of programs of which whatever stands still is ended
 * before, for what an init script tells them they would not hear; the program, and its arguments.
 */
const script = `me=$1 names=$2
shift 2
refuse() { echo "$1" >&3; exit 1; }
look() {
  program=$1 me=$2
  set -f
  real=$(readlink -f "$program")
  for at in "$program" "\${program%/*}" "\${real%/*}"; do
    set -- $(LC_ALL=C ls -ldLn "\${at:-/}" 2>/dev/null)
    case $1 in
      '') refuse "$program does not exist, or cannot be looked at" ;;
      -*) ;;
      d*) [ "$at" != "$program" ] || refuse "$program is not a file" ;;
      *) refuse "$program is not a file" ;;
    esac
    case $1 in ?????w* | ????????w*) refuse "\${at:-/} may be written by others than root" ;; esac
    case $3 in 0 | "$me") ;; *) refuse "\${at:-/} may be written by others than root" ;; esac
  done
  [ -x "$program" ] || refuse "$program may not be executed"
}
is_one() {
  exe=$(readlink "/proc/$1/exe") || return 1
  exe=\${exe% (deleted)}
  case " $names " in *" \${exe##*/} "*) ;; *) return 1 ;; esac
  [ "$(readlink "/proc/$1/ns/net")" = "$(readlink /proc/self/ns/net)" ]
}
stands() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  case \${line##*) } in T*) is_one "$1" ;; *) return 1 ;; esac
}
end_stopped() {
  found=
  for at in /proc/[0-9]*; do
    if stands "\${at#/proc/}"; then found="$found \${at#/proc/}"; fi
  done
  [ -n "$found" ] || return 0
  echo "ended, for it stood still:$found"
  for pid in $found; do kill -TERM "$pid"; kill -CONT "$pid"; done 2>/dev/null
  turn=0
  while [ $turn -lt 70 ]; do
    left=
    for pid in $found; do if is_one "$pid"; then left="$left $pid"; fi; done
    [ -n "$left" ] || return 0
    if [ $turn -eq 50 ]; then kill -KILL $left 2>/dev/null; fi
    sleep 0.1 2>/dev/null || sleep 1
    turn=$((turn + 1))
  done
}
umask 022
( look "$1" "$me" ) || exit 1
echo ${ready} >&3
read -r told || exit 1
[ -z "$names" ] || end_stopped
unset PWD OLDPWD SHLVL
exec "$@" </dev/null 3>&-
`

/** How a command is begun by way of a launcher. */
export function launched(
  command: readonly string[],
  { user = 0, endsStopped = [] }: { user?: number; endsStopped?: readonly string[] } = {},
): { file: string; args: readonly string[] } {
  const [program = '', ...args] = command
  const names = endsStopped.join(' ')
  return { file: '/bin/sh', args: ['-c', script, 'sh', String(user), names, program, ...args] }
}
