import t from 'tap'
import { diagnosed } from '../helpers/diagnosed.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(300_000)
const options = { skip: skipOutsideLab() }

t.test('a host under load that serves has nothing wrong with it', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  await host.ganesha()
  // Each ends by itself: whoever ends the shell does not end what it has begun.
  const load = host.spawn('bash', [
    '-c',
    `busy() { local end=$((SECONDS + 45)); while ((SECONDS < end)); do "$@" >/dev/null 2>&1; done; }
    busy true & busy true & busy true &
    for i in 1 2; do busy dd if=/dev/zero of=/srv/samba/guest/$i bs=64k count=64 conv=fsync & done
    for i in 1 2; do busy timeout 20 smbclient -N //${host.address}/guest -c 'get big.bin /dev/null' & done
    echo loaded; wait`,
  ])
  t.teardown(() => load[Symbol.asyncDispose]())
  await load.said(/loaded/)
  for (const words of [
    ['-s', 'guest'],
    ['-d', '/srv/nfs/data'],
    ['-s', 'user'],
  ]) {
    t.strictSame(await diagnosed(host, ['-a', host.address, ...words]), [], words.join(' '))
  }
})
