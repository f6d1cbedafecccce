import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildPackages, skipWithout } from '../helpers/build-packages.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { onThrowAwayCopy } from '../helpers/throw-away-copy.ts'

t.setTimeout(600_000)
const skip = skipOutsideLab() || skipWithout('rpm', 'rpmbuild', 'dpkg-deb')

/** A host that knows of rpm: a package says what the machine has, of which rpm knows nothing here. */
const prologue = String.raw`
server=$1
# Debian's rpm wants to be told that it is meant.
install_rpm() { rpm --force-debian "$@" 2>&1; }
says_that_it_has() {
  local release=$1
  shift
  printf '%s\n' 'Name: the-host' 'Version: 1' "Release: $release" 'Summary: x' 'License: MIT' 'BuildArch: noarch' \
    '%description' x '%files' >/tmp/the-host.spec
  printf 'Provides: %s\n' "$@" | sed -i '/^BuildArch/r /dev/stdin' /tmp/the-host.spec
  rpmbuild --quiet -bb /tmp/the-host.spec --define '_topdir /tmp/rpmbuild'
  install_rpm -U "/tmp/rpmbuild/RPMS/noarch/the-host-1-$release.noarch.rpm"
}
libraries() {
  ldconfig -p | sed -n 's/^.* => //p' | grep -E '/(libc|libm|libdl|libpthread|libstdc\+\+|libgcc_s|libatomic|ld-linux[^/]*)\.so\.[0-9]+$' |
    /usr/lib/rpm/elfdeps -P
}
watch() {
  clp_sambamon sambawatch -s guest -a "$server" -i 1 >/tmp/watch.out 2>&1 &
  pid=$!
  until_true registered
  checked_again
}
registered() { [[ $(clp_sambamon sambawatch -disp 2>/dev/null | head -n 1) == "$pid" ]]; }
`

/** From the first installation to the last removal; what is installed and what replaces it are given. */
const life = String.raw`
say community; clplcnsc --community
watch
say upgrade; install_rpm -U --replacepkgs "$later"
checked_again
say license; clplcnsc -l
say verify; rpm -V "$name" || echo "differs"
say remove; install_rpm -e "$name"
kill -0 "$pid"
test -s /var/lib/clp-fsmon/license.json
test ! -e /usr/sbin/clplcnsc
test ! -e /usr/sbin/clp_sambamon
kill -TERM "$pid"
say ended; wait "$pid" && echo "status $?"
alerted 'will stop watching Samba'
say again
printf '#!/bin/sh\necho of the cluster product\n' >/usr/sbin/clplcnsc
chmod 0755 /usr/sbin/clplcnsc
install_rpm -i "$first"
clplcnsc
/usr/lib/clp-fsmon/bin/clplcnsc -l
install_rpm -e "$name"
clplcnsc
say done
`

const withNode = String.raw`${prologue}
name=clusterpro-fsmon first=/packages/$2 later=/packages/$3
says_that_it_has 1 /bin/sh /usr/bin/node logrotate 'nodejs(engine) = 18.20.4'
say old; install_rpm -i "$first" || echo "status $?"
says_that_it_has 2 /bin/sh /usr/bin/node logrotate "nodejs(engine) = $(/usr/bin/node -p process.versions.node)"
say install; install_rpm -i "$first" /packages/clusterpro-fsmonscript-*-1.noarch.rpm
say template; clp_fsmon template samba-mon --share guest --to /tmp/scripts
say variant; install_rpm -i "$4" || echo "status $?"
${life}`

const withoutNode = String.raw`${prologue}
name=clusterpro-fsmon-standalone first=$4 later=$4
mapfile -t has < <(libraries)
says_that_it_has 1 /bin/sh logrotate "rtld(GNU_HASH)" "${'${has[@]}'}"
while node=$(type -P node || type -P nodejs); do rm -f "$node"; hash -r; done
say install; install_rpm -i "$first"
say options; NODE_OPTIONS=--nonsense clp_nfsmon --version
${life}`

t.test('the packages for rpm', { skip }, async (t) => {
  const { directory, files } = buildPackages(t, ['--rpm', '--standalone-rpm'])
  const again = buildPackages(t, ['--rpm', '--release', '2'])
  const [first, later, own] = [
    files.find((name) => /^clusterpro-fsmon-\d.*-1\.noarch/.test(name)) ?? '',
    again.files.find((name) => /^clusterpro-fsmon-\d.*-2\.noarch/.test(name)) ?? '',
    files.find((name) => name.includes('-standalone-')) ?? '',
  ]
  copyFileSync(join(again.directory, later), join(directory, later))
  const server = await Host.create({ name: 'samba' })
  const client = await Host.create({ name: 'client' })
  t.teardown(async () => Promise.all([server.down(), client.down()]))
  await server.samba()
  const args = [server.address, first, later, `/packages/${own}`]
  const run = async (name: string, steps: string) =>
    onThrowAwayCopy(client, { name, directory, steps, args })
  const lived = (t: Test, name: string, said: string) => {
    t.match(said, /== community\ncommand was success\./)
    const goesOn = `${name}: monitors that run go on with the version they were started with`
    t.match(said, new RegExp(`== upgrade\n${goesOn}[^]*== license\n[^]*CM\\d{6}[^]*== verify`))
    t.match(said, '== verify\n== remove\n', 'what is there is what was installed')
    t.match(said, /== remove\n[^]*monitors that run go on watching[^]*are kept[^]*== ended/)
    t.match(said, /== ended\nstatus 0\n/)
    t.match(said, /== again\n[^]*another product's and is kept[^]*CM\d{6}/)
    t.equal(said.match(/^of the cluster product$/gm)?.length, 2)
    t.match(said, /== done\n$/)
  }

  await t.test('are installed, upgraded and removed, and a monitor goes on', async (t) => {
    const { status, stdout, stderr } = await run('with-node', withNode)
    t.equal(status, 0, `${stdout}\n${stderr}`)
    t.match(stdout, /== old\n[^]*nodejs\(engine\) >= 20 is needed[^]*status 1\n/)
    t.match(stdout, /== variant\n[^]*conflicts with[^]*status 1\n/, 'one variant at a time')
    lived(t, 'clusterpro-fsmon', stdout)
  })

  await t.test('bring their own Node to a host that has none', async (t) => {
    const { status, stdout, stderr } = await run('without-node', withoutNode)
    t.equal(status, 0, `${stdout}\n${stderr}`)
    t.match(stdout, /== options\nclp_nfsmon /)
    lived(t, 'clusterpro-fsmon-standalone', stdout)
  })
})
