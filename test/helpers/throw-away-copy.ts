import { writeFileSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from './lab.ts'
import type { Finished } from './lab/command.ts'

const prologue = String.raw`
set -euo pipefail
packages=$1 top=$2
shift 2
mount -t tmpfs none "$top"
mkdir "$top"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$top/root"
for each in proc dev; do mount --rbind "/$each" "$top/root/$each"; done
for each in run tmp root; do mount -t tmpfs none "$top/root/$each"; done
mkdir -p "$top/root/packages"
find "$packages" -maxdepth 1 \( -name '*.deb' -o -name '*.rpm' \) -exec cp -t "$top/root/packages" {} +
cat >"$top/root/packages/steps" <<'STEPS'
set -euo pipefail
cd /root
say() { echo "== $*"; }
until_true() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    if "$@"; then return 0; fi
    sleep 0.1
  done
  echo "never came true: $*" >&2
  return 1
}
alerted() { grep -q "$1" /var/log/clp-fsmon/alert.log 2>/dev/null; }
newer_check() { [[ $(clp_fsmon status sambawatch --json) != "$1" ]]; }
checked_again() {
  local before
  before=$(clp_fsmon status sambawatch --json)
  until_true newer_check "$before"
}
`

/** Steps in bash, for a host whose whole file system is a throw-away copy of the machine's. */
export type Steps = {
  /** of this run, for its files */
  name: string
  /** where files of the run may lie, and the .deb and .rpm packages are that it finds in /packages */
  directory: string
  /** every one must succeed; say, until_true, alerted and checked_again are there */
  steps: string
  /** what they find as $1, $2 … */
  args?: readonly string[]
}

/** Runs the steps on a copy of the host, of which nothing stays. */
export async function onThrowAwayCopy(
  host: Host,
  { name, directory, steps, args = [] }: Steps,
): Promise<Finished> {
  const top = mkdtempSync(join(directory, `${name}-`))
  const file = join(directory, name)
  const start = 'env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root'
  writeFileSync(
    file,
    `${prologue}\n${steps}\nSTEPS\nexec ${start} chroot "$top/root" bash /packages/steps "$@"\n`,
  )
  const argv = ['-m', '--propagation', 'private', 'bash', file, directory, top, ...args]
  return host.exec('unshare', argv, { timeoutMs: 300_000 })
}
