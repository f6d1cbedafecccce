import { join } from 'node:path'
import t, { type Test } from 'tap'
import { diagnosed } from '../helpers/diagnosed.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const bin = join(import.meta.dirname, '../../bin')

/** A server that answers every step of a check has nothing that keeps it from serving. */
async function expectNothing(
  t: Test,
  host: Host,
  asked: Readonly<Record<string, { words: readonly string[]; check?: readonly string[] }>>,
): Promise<void> {
  await Promise.all(
    Object.entries(asked).map(async ([what, { words, check = [] }]) => {
      const command = join(bin, words.includes('-d') ? 'clp_nfsmon' : 'clp_sambamon')
      const argv = words.map((word) => (word === '--port' && words.includes('-d') ? '-n' : word))
      const node = ['-u', 'NODE_OPTIONS', process.execPath]
      const asks = [...node, command, '--check', ...argv, ...check]
      const { status, stdout, stderr } = await host.exec('env', asks)
      t.equal(status, 0, `${what} is served: ${stdout}${stderr}`)
      t.strictSame(await diagnosed(host, words), [], what)
    }),
  )
}

async function shell(host: Host, script: string): Promise<void> {
  const { status, stderr } = await host.exec('bash', ['-ec', script])
  if (status !== 0) throw new Error(`${script}: ${stderr}`)
}

t.test('a Samba that is well gives no cause, wherever its shares come from', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const make = 'root preexec = mkdir -m 0777 -p'
  const samba = await host.samba({
    global: [
      'usershare max shares = 10',
      'usershare path = /srv/usershares',
      'usershare allow guests = yes',
      'include = /etc/samba/more.conf',
      // What testparm calls an error, and Samba runs with.
      'idmap config LAB : backend = rid',
      'idmap config LAB : range = 1500-1000',
    ],
    shares: {
      made: ['path = /srv/samba/made', 'guest ok = yes', `${make} /srv/samba/made`],
      filled: ['path = /srv/samba/%S-%U', 'guest ok = yes', `${make} /srv/samba/%S-%U`],
    },
  })
  await shell(
    host,
    `printf '[included]\\npath = /srv/samba/guest\\nguest ok = yes\\n' >/etc/samba/more.conf
    mkdir -m 1770 /srv/usershares
    net usershare add mine /srv/samba/guest '' S-1-1-0:F guest_ok=y
    sed -i 's/^passwd:.*/passwd: files winbind/' /etc/nsswitch.conf`,
  )
  await samba.reload()
  const of = (share: string, address = host.address) => ({ words: ['-a', address, '-s', share] })
  // As whoever runs containers does; not every kernel can.
  const passing = `nft add table ip nat
    nft add chain ip nat output '{ type nat hook output priority -100; }'
    nft add rule ip nat output tcp dport 446 redirect to :445`
  const isPassed = (await host.exec('bash', ['-ec', passing])).status === 0
  if (!isPassed) t.comment('no connection can be passed on here')
  await expectNothing(t, host, {
    'a directory that a command makes': of('made'),
    'a directory that is filled in': of('filled'),
    'a share of an included file': of('included'),
    'a share of a user’s': of('mine'),
    'a server by IPv6': of('guest', host.address6),
    ...(isPassed && {
      'a port that is passed on': { words: ['-a', host.address, '-s', 'guest', '--port', '446'] },
    }),
    'by an address written at length': of('guest', host.address6.replace('::', ':0:0::')),
  })
  await shell(host, 'net conf addshare listed /srv/samba/guest writeable=y guest_ok=y')
  await samba.restart({
    global: ['registry shares = yes', `interfaces = ${host.address}`, 'bind interfaces only = yes'],
    shares: { homes: ['path = /srv/samba/guest', 'guest ok = yes'] },
    ports: [4450],
  })
  await expectNothing(t, host, {
    'a share of the registry, at another port and one address alone': {
      words: ['-a', host.address, '-s', 'listed', '--port', '4450'],
    },
    'a home directory': { words: ['-a', host.address, '-s', 'labuser', '--port', '4450'] },
  })
})

t.test('a Samba that sees other files gives no cause', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const samba = await host.samba()
  await samba.kill()
  // As in a container that shares the network of its host.
  await shell(
    host,
    `mkdir -p /run/box
    mount -t tmpfs tmpfs /run/box
    cd /run/box
    mkdir -p usr etc var srv proc dev run/samba tmp only-here
    for each in bin sbin lib lib64; do ln -s usr/$each $each; done
    for each in usr etc var srv proc dev; do mount --bind /$each $each; done
    sed '/^\\[guest\\]/i [boxed]\\npath = /only-here\\nguest ok = yes' /etc/samba/smb.conf >boxed.conf`,
  )
  // In a session of its own, for should it fail it ends all of its group; and it lives as long as its input.
  const smbd = 'smbd -F --no-process-group -s /boxed.conf'
  const boxed = host.spawn('bash', ['-c', `exec setsid chroot /run/box ${smbd} </dev/null`])
  t.teardown(() => boxed[Symbol.asyncDispose]())
  await eventually('it answers', async () => {
    const { status } = await host.exec('smbclient', ['-N', `//${host.address}/boxed`, '-c', 'ls'])
    return status === 0
  })
  await expectNothing(t, host, {
    'a share in a box': { words: ['-a', host.address, '-s', 'boxed'] },
  })
})

t.test('a Ganesha that is well gives no cause, by whatever name', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.ganesha({
    exports: [{ path: '/srv/nfs/data', pseudo: '/export/some/data' }],
    core: [`Bind_addr = ${host.address}`],
    extra: '# "It\'s well {"\n',
  })
  const of = (directory: string, version: string) => ({
    words: ['-a', host.address, '-d', directory],
    check: ['--nfs-version', version],
  })
  await expectNothing(t, host, {
    'the root of NFSv4': of('/', '4'),
    'what is on the way': of('/export/some', '4'),
    'a pseudo path': of('/export/some/data', '4'),
    'a directory in it': of('/export/some/data/sub', '4'),
    'the path of version 3': of('/srv/nfs/data', '3'),
  })
})
