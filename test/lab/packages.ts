import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import t from 'tap'
import { buildPackages, skipWithoutNodePackage } from '../helpers/build-packages.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { onThrowAwayCopy } from '../helpers/throw-away-copy.ts'

t.setTimeout(600_000)
const skip = skipOutsideLab() || skipWithoutNodePackage()

const life = String.raw`
server=$1
dpkg -i /packages/clusterpro-fsmon_0*.deb /packages/clusterpro-fsmonscript_0*.deb
say community; clplcnsc --community
say list; clplcnsc -l
say check; clp_sambamon --check -s guest -a "$server"
say template; clp_fsmon template samba-mon --share guest --to /tmp/scripts
say state; stat -c '%a %n' /var/lib/clp-fsmon /var/log/clp-fsmon /var/lib/clp-fsmon/license.json
export CLP_EVENT=START CLP_DISK=SUCCESS CLP_SERVER=HOME
sed -i "s/^ADDRESS=.*/ADDRESS='$server'/; s/^INTERVAL=.*/INTERVAL='1'/" /tmp/scripts/start.sh
say start
/tmp/scripts/start.sh >/tmp/start.out 2>&1 &
until_true alerted 'is going to watch share resource'
pid=$(clp_sambamon sambawatch -disp | head -n 1)
say upgrade; dpkg -i /packages/clusterpro-fsmon_99*.deb
kill -0 "$pid"
checked_again
clp_sambamon sambawatch -pause
clp_sambamon sambawatch -continue
say license; clplcnsc -l
say remove; dpkg -r clusterpro-fsmon
kill -0 "$pid"
test -s /var/lib/clp-fsmon/license.json
test ! -e /usr/sbin/clplcnsc
kill -TERM "$pid"
say ended; wait %1 && echo "status $?"
cat /tmp/start.out
alerted 'will stop watching Samba'
say again; dpkg -i /packages/clusterpro-fsmon_0*.deb; clplcnsc -l
say purge; dpkg -P clusterpro-fsmon clusterpro-fsmonscript
test ! -e /var/lib/clp-fsmon
test ! -e /usr/lib/clp-fsmon
say done
`

const besides = String.raw`
printf '#!/bin/sh\necho of the cluster product\n' >/usr/sbin/clplcnsc
chmod 0755 /usr/sbin/clplcnsc
dpkg -i /packages/clusterpro-fsmon_0*.deb
clplcnsc
/usr/lib/clp-fsmon/bin/clplcnsc --community
dpkg -i /packages/clusterpro-fsmon_99*.deb
clplcnsc
dpkg -P clusterpro-fsmon
clplcnsc
say done
`

/** A later version that shares no file with the one that is there. */
function laterVersion(directory: string): void {
  const deb = readdirSync(directory).find((name) => name.startsWith('clusterpro-fsmon_')) ?? ''
  const unpacked = join(directory, 'later')
  execFileSync('dpkg-deb', ['-R', join(directory, deb), unpacked])
  const control = join(unpacked, 'DEBIAN/control')
  const text = readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 99.0.0-1')
  writeFileSync(control, text)
  const dist = join(unpacked, 'usr/lib/clp-fsmon/dist')
  for (const name of readdirSync(dist)) {
    const isPacked = name.endsWith('.br')
    const bytes = readFileSync(join(dist, name))
    const code = (isPacked ? brotliDecompressSync(bytes) : bytes)
      .toString('latin1')
      .replaceAll(/\b([A-Z0-9]{8}\.c?js)\b/g, 'later-$1')
    rmSync(join(dist, name))
    const later = Buffer.from(code, 'latin1')
    const place = join(dist, name.replace(/^([A-Z0-9]{8}\.cjs)/, 'later-$1'))
    writeFileSync(place, isPacked ? brotliCompressSync(later) : later)
  }
  execFileSync('dpkg-deb', ['--root-owner-group', '-b', unpacked, directory])
  rmSync(unpacked, { recursive: true })
}

t.test('the packages', { skip }, async (t) => {
  const { directory } = buildPackages(t, ['--deb'])
  laterVersion(directory)
  const server = await Host.create({ name: 'samba' })
  const client = await Host.create({ name: 'client' })
  t.teardown(async () => Promise.all([server.down(), client.down()]))
  await server.samba()

  const run = async (name: string, steps: string) =>
    onThrowAwayCopy(client, { name, directory, steps, args: [server.address] })

  await t.test(
    'install, run, upgrade and remove, and a monitor goes on through it all',
    async (t) => {
      const { status, stdout, stderr } = await run('life', life)
      t.equal(status, 0, `${stdout}\n${stderr}`)
      t.match(stdout, /== community\ncommand was success\./)
      t.match(stdout, /700 \/var\/lib\/clp-fsmon\n700 \/var\/log\/clp-fsmon\n600 .*license\.json/)
      t.match(
        stdout,
        /== upgrade[^]*monitors that run go on[^]*== license\n[^]*CM\d{6}[^]*== remove/,
      )
      t.match(stdout, /== remove[^]*monitors that run go on watching[^]*are kept[^]*== ended/)
      t.match(stdout, /== ended\nstatus 0\nNORMAL1\nNORMAL2\nclp_sambamon start\n[^]*EXIT\n/)
      t.match(stdout, /== again[^]*CM\d{6}[^]*== purge/, 'registrations outlive a removal')
      t.match(stdout, /== done\n$/)
    },
  )

  await t.test('a clplcnsc of the cluster product stays what it is', async (t) => {
    const { status, stdout, stderr } = await run('besides', besides)
    t.equal(status, 0, `${stdout}\n${stderr}`)
    t.equal(stdout.match(/^of the cluster product$/gm)?.length, 3)
    t.match(stdout, /\/usr\/sbin\/clplcnsc is another product's and is kept/)
    t.match(stdout, /command was success/)
  })
})
