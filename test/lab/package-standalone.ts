import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildPackages, skipWithout } from '../helpers/build-packages.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { onThrowAwayCopy } from '../helpers/throw-away-copy.ts'

t.setTimeout(600_000)
const skip = skipOutsideLab() || skipWithout('dpkg-deb', 'dpkg-shlibdeps', 'rpmbuild')

const noNode = String.raw`
server=$1
while node=$(type -P node || type -P nodejs); do rm -f "$node"; hash -r; done
if node --version; then exit 1; fi
executable=/usr/lib/clp-fsmon/standalone/clp-fsmon-node
watch() {
  clp_sambamon sambawatch -s guest -a "$server" -i 1 >/tmp/watch.out 2>&1 &
  pid=$!
  until_true registered
  checked_again
}
registered() { [[ $(clp_sambamon sambawatch -disp 2>/dev/null | head -n 1) == "$pid" ]]; }
`

const life = String.raw`${noNode}
say install; dpkg -i /packages/clusterpro-fsmon-standalone_0*.deb /packages/clusterpro-fsmonscript_0*.deb
say options; NODE_OPTIONS=--nonsense clp_nfsmon --version
say status; clp_fsmon status
say community; clplcnsc --community
say check; clp_sambamon --check -s guest -a "$server"
say template; clp_fsmon template samba-mon --share guest --to /tmp/scripts
watch
[[ $(readlink "/proc/$pid/exe") == "$executable" ]]
say ps; ps -o comm=,args= -p "$pid"
say upgrade; dpkg -i /packages/clusterpro-fsmon-standalone_99*.deb
say running; readlink "/proc/$pid/exe"
checked_again
say other; clp_sambamon sambawatch -s guest -a "$server" 2>&1 || echo "status $?"
clp_sambamon sambawatch -pause
clp_sambamon sambawatch -continue
say license; clplcnsc -l
say remove; dpkg -r clusterpro-fsmon-standalone
kill -0 "$pid"
test -s /var/lib/clp-fsmon/license.json
test ! -e /usr/sbin/clplcnsc -a ! -e "$executable"
kill -TERM "$pid"
say ended; wait "$pid" && echo "status $?"
alerted 'will stop watching Samba'
say again; dpkg -i /packages/clusterpro-fsmon-standalone_0*.deb; clplcnsc -l
say purge; dpkg -P clusterpro-fsmon-standalone clusterpro-fsmonscript
test ! -e /var/lib/clp-fsmon -a ! -e /usr/lib/clp-fsmon -a ! -e /etc/logrotate.d/clusterpro-fsmon
say done
`

const exchange = String.raw`
server=$1
say first; dpkg -i --force-depends /packages/clusterpro-fsmon_0*.deb
clplcnsc --community
${noNode.replace(/^while.*\nif node.*\n/m, '')}
watch
say standalone; dpkg -i /packages/clusterpro-fsmon-standalone_0*.deb
checked_again
say purged; dpkg -P clusterpro-fsmon
test -e /etc/logrotate.d/clusterpro-fsmon
clplcnsc -l
clp_sambamon sambawatch -stop
wait "$pid"
watch
[[ $(readlink "/proc/$pid/exe") == "$executable" ]]
say back; dpkg -i --force-depends /packages/clusterpro-fsmon_0*.deb
checked_again
dpkg -P clusterpro-fsmon-standalone
test -e /etc/logrotate.d/clusterpro-fsmon
test ! -e "$executable"
clplcnsc -l
clp_sambamon sambawatch -stop
wait "$pid"
say besides; rm /usr/sbin/clplcnsc
printf '#!/bin/sh\necho of the cluster product\n' >/usr/sbin/clplcnsc
chmod 0755 /usr/sbin/clplcnsc
dpkg -i /packages/clusterpro-fsmon-standalone_0*.deb
clplcnsc
/usr/lib/clp-fsmon/bin/clplcnsc -l
dpkg -P clusterpro-fsmon-standalone
clplcnsc
say done
`

/** A later version whose executable is another file with other bytes. */
function laterVersion(directory: string, deb: string): void {
  const unpacked = join(directory, 'later')
  execFileSync('dpkg-deb', ['-R', join(directory, deb), unpacked])
  const control = join(unpacked, 'DEBIAN/control')
  const text = readFileSync(control, 'utf8')
  writeFileSync(control, text.replace(/^Version: .*$/m, 'Version: 99.0.0-1'))
  appendFileSync(join(unpacked, 'usr/lib/clp-fsmon/standalone/clp-fsmon-node'), 'later')
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '-b', unpacked, directory])
  rmSync(unpacked, { recursive: true })
}

t.test('the packages that bring their own Node', { skip }, async (t) => {
  const { directory, files } = buildPackages(t, ['--deb', '--standalone-deb'])
  laterVersion(directory, files.find((name) => name.includes('-standalone_')) ?? '')
  const server = await Host.create({ name: 'samba' })
  const client = await Host.create({ name: 'client' })
  t.teardown(async () => Promise.all([server.down(), client.down()]))
  await server.samba()
  const run = async (name: string, steps: string) =>
    onThrowAwayCopy(client, { name, directory, steps, args: [server.address] })

  await t.test('live on a host that has no Node', async (t) => {
    const { status, stdout, stderr } = await run('life', life)
    t.equal(status, 0, `${stdout}\n${stderr}`)
    t.match(stdout, /== options\nclp_nfsmon /, 'whatever NODE_OPTIONS says')
    t.match(stdout, /== status\nNo monitors are known/)
    t.match(stdout, /== template\n\/tmp\/scripts: written: start\.sh, stop\.sh/)
    t.match(stdout, /== ps\nclp_sambamon \S* *clp_sambamon sambawatch -s guest/)
    t.match(stdout, /== upgrade[^]*clusterpro-fsmon-standalone: monitors that run go on[^]*== run/)
    t.match(stdout, /== running\n\/usr\/lib\/clp-fsmon\/standalone\/clp-fsmon-node.* \(deleted\)\n/)
    t.match(
      stdout,
      /== other\n[^]* 14 ERROR [^]*status 3\n[^]*== license\n[^]*CM\d{6}[^]*== remove/,
    )
    t.match(stdout, /== remove[^]*monitors that run go on watching[^]*are kept[^]*== ended/)
    t.match(stdout, /== ended\nstatus 0\n/)
    t.match(stdout, /== again[^]*CM\d{6}[^]*== purge/, 'registrations outlive a removal')
    t.match(stdout, /== done\n$/)
  })

  await t.test('take turns with the others, under a running monitor', async (t) => {
    const { status, stdout, stderr } = await run('exchange', exchange)
    t.equal(status, 0, `${stdout}\n${stderr}`)
    t.match(stdout, /== standalone\n[^]*monitors that run go on with the version[^]*== purged/)
    t.match(stdout, /== purged[^]*its licenses and logs are kept[^]*CM\d{6}[^]*== back/)
    t.notMatch(stdout, /SIGTERM/, 'nobody is told that a monitor cannot be stopped')
    t.match(stdout, /== back[^]*CM\d{6}[^]*== besides/)
    t.match(stdout, /another product's and is kept/)
    t.equal(stdout.match(/^of the cluster product$/gm)?.length, 2)
    t.match(stdout, /== done\n$/)
  })
})
