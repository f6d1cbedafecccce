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
 * Its arguments: the user of the monitor; the program, and its arguments.
 */
const script = `me=$1
shift
refuse() { echo "$1" >&3; exit 1; }
look() {
  program=$1 me=$2
  set -f
  set -- $(LC_ALL=C ls -ldLn "$program" 2>/dev/null)
  case $1 in
    '') refuse "$program does not exist, or cannot be looked at" ;;
    -*) ;;
    *) refuse "$program is not a file" ;;
  esac
  case $1 in ?????w* | ????????w*) refuse "$program may be written by others than root" ;; esac
  case $3 in 0 | "$me") ;; *) refuse "$program may be written by others than root" ;; esac
  [ -x "$program" ] || refuse "$program may not be executed"
}
umask 022
( look "$1" "$me" ) || exit 1
echo ${ready} >&3
read -r told || exit 1
unset PWD OLDPWD SHLVL
exec "$@" </dev/null 3>&-
`

/** How a command is begun by way of a launcher. */
export function launched(
  command: readonly string[],
  { user = 0 }: { user?: number } = {},
): { file: string; args: readonly string[] } {
  const [program = '', ...args] = command
  return { file: '/bin/sh', args: ['-c', script, 'sh', String(user), program, ...args] }
}
