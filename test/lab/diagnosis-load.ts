import t from 'tap'
import { diagnosed } from '../helpers/diagnosed.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

t.test('a host under load that serves has nothing wrong with it', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  await host.ganesha()
  const load = host.spawn('timeout', [
    '90',
    'bash',
    '-c',
    `for i in 1 2 3; do (while :; do :; done) & done
    for i in 1 2; do (while :; do dd if=/dev/zero of=/srv/samba/guest/$i bs=64k count=64 conv=fsync 2>/dev/null; done) & done
    for i in 1 2 3; do (while :; do smbclient -N //${host.address}/guest -c 'get big.bin /dev/null' >/dev/null 2>&1; done) & done
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
