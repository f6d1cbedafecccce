import t, { type Test } from 'tap'
import { diagnosed, type Found } from '../helpers/diagnosed.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

function expectFirst(t: Test, what: string, causes: readonly Found[], key: string): void {
  t.comment(`${what}: ${causes.map((cause) => cause.key).join(', ') || 'nothing'}`)
  t.equal(causes[0]?.key, key, `${what}: ${JSON.stringify(causes)}`)
  t.ok((causes[0]?.evidence.length ?? 0) > 0, `${what}: with evidence`)
}

/** The states of Samba's processes on a host, a letter each. */
async function states(host: Host): Promise<string> {
  const script =
    'for pid in $(pgrep smbd); do sed "s/.*) //; s/ .*//" /proc/$pid/stat 2>/dev/null; done'
  return (await host.exec('bash', ['-c', script])).stdout.replaceAll(/\s+/g, '')
}

t.test('a thread that waits in the kernel without end is first on the list', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  const words = ['-a', host.address, '-s', 'user']
  t.strictSame(await diagnosed(host, words), [], 'nothing is wrong')
  // A file system that is frozen holds whoever writes; not every machine has loop devices.
  const mount = `truncate -s 20M /run/image && mkfs.ext4 -q /run/image
    mount -o loop /run/image /srv/samba/guest && chmod 0777 /srv/samba/guest`
  if ((await host.exec('bash', ['-ec', mount])).status !== 0) {
    t.comment('no file system can be mounted from a file here')
    return
  }
  if ((await host.exec('fsfreeze', ['--freeze', '/srv/samba/guest'])).status !== 0) {
    t.comment('no file system can be frozen here')
    return
  }
  try {
    const put = ['-N', `//${host.address}/guest`, '-c', 'put /etc/hostname x']
    const client = host.spawn('smbclient', put)
    t.teardown(() => client[Symbol.asyncDispose]())
    await eventually('a process of Samba waits', async () => (await states(host)).includes('D'))
    const causes = await diagnosed(host, words)
    expectFirst(t, 'a thread in state D', causes, 'process-blocked')
    t.match(causes[0]?.evidence.join('\n'), /state D for \d{4,} ms/)
  } finally {
    // Nothing that is frozen can be taken down.
    await host.exec('fsfreeze', ['--unfreeze', '/srv/samba/guest'])
    await host.exec('umount', ['--lazy', '/srv/samba/guest'])
  }
})

t.test(
  'a server whose parent does not take note of its end is first on the list',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    const samba = await host.samba()
    await samba.kill()
    // It begins Samba, and never asks what became of it.
    const parent = `
my $pid = fork // die;
if (!$pid) { setpgrp; open STDIN, '<', '/dev/null'; exec qw(smbd -F --no-process-group) }
$| = 1; print "begun $pid\\n"; sleep 600`
    const careless = host.spawn('perl', ['-e', parent])
    t.teardown(() => careless[Symbol.asyncDispose]())
    await careless.said(/begun/)
    const words = ['-a', host.address, '-s', 'user']
    await eventually('it answers', async () => {
      const argv = ['-U', 'labuser%Lab-Pass1', `//${host.address}/user`, '-c', 'ls']
      return (await host.exec('smbclient', argv)).status === 0
    })
    await host.exec('bash', ['-c', 'kill -KILL $(pgrep -o -x smbd)'])
    await eventually('only what it was is left', async () => /^Z+$/.test(await states(host)))
    expectFirst(t, 'a zombie', await diagnosed(host, words), 'process-zombie')
  },
)
