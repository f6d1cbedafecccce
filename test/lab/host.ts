import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

t.test('hosts made at once have names and addresses of their own', options, async (t) => {
  const hosts = await Promise.all(Array.from({ length: 6 }, () => Host.create()))
  t.teardown(() => Promise.all(hosts.map((host) => host.down())))
  for (const key of ['name', 'address', 'address6'] as const) {
    t.equal(new Set(hosts.map((host) => host[key])).size, 6, key)
  }
})

t.test('a command on a host hands on what it reads, says and ends with', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const script = 'cat; echo "$1" >&2; exit 7'
  const ended = await host.exec('sh', ['-c', script, '-', 'a b'], { stdin: 'in' })
  t.match(ended, { status: 7, signal: null, stdout: 'in', stderr: 'a b\n' })
  t.match(await host.exec('sh', ['-c', 'kill -TERM $$']), { status: null, signal: 'SIGTERM' })
  t.equal((await host.exec('hostname')).stdout, `${host.name}\n`)
  await t.rejects(
    host.exec('sleep', ['600'], { timeoutMs: 100 }),
    /not done in 100 ms: .*sleep 600/,
  )
  await eventually('sleep is gone', async () => {
    return !(await host.exec('ps', ['-eo', 'args'])).stdout.includes('sleep 600')
  })
})

t.test(
  'a host writes on its own disk, and shares the directory for temporary files',
  options,
  async (t) => {
    const host = await Host.create()
    const other = await Host.create()
    t.teardown(() => Promise.all([host.down(), other.down()]))
    const files = ['/etc/mark', '/var/mark', '/srv/mark', '/run/mark', '/dev/shm/mark']
    await host.exec('touch', files)
    for (const file of files) {
      t.notOk(existsSync(file), file)
      t.equal((await other.exec('test', ['-e', file])).status, 1, file)
    }
    const shared = join(await mkdtemp(join(tmpdir(), 'host-')), 'file')
    await writeFile(shared, 'from the test')
    t.equal((await host.exec('cat', [shared])).stdout, 'from the test')
  },
)

t.test(
  'a host powered off is gone; on again, it has its disk and nothing runs',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    const samba = await host.samba()
    const [pid] = await samba.pids('parent')
    await host.exec('sh', ['-c', 'echo kept >/var/kept'])
    const sleep = host.spawn('sleep', ['600'])
    await sleep.pid()

    await host.off()
    t.notOk(existsSync(`/proc/${pid}`))
    t.equal((await sleep.finished).signal, 'SIGKILL')
    await t.rejects(samba.pids(), /there is no host/)

    await host.on()
    t.equal((await host.exec('cat', ['/var/kept'])).stdout, 'kept\n')
    await t.rejects(samba.pids(), /no samba is running/)
    await samba.start()
  },
)

t.test('hosts know each other by name, also over IPv6', options, async (t) => {
  const server = await Host.create()
  const client = await Host.create()
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.rpcbind()
  t.equal((await client.exec('rpcinfo', ['-p', server.name])).status, 0)
  const found = await client.exec('getent', ['ahostsv6', server.name])
  t.match(found.stdout, server.address6)
  const connected = await client.exec('bash', ['-c', `exec 3<>/dev/tcp/${server.address6}/111`])
  t.equal(connected.status, 0, connected.stderr)
})

t.test(
  'signals reach a command on a host, and its end is told after a freeze',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    const script = 'trap "echo caught; exit 3" TERM; echo ready; while :; do sleep 0.01; done'
    const child = host.spawn('bash', ['-c', script])
    await child.said(/ready/)
    const state = async () =>
      /^State:\s+(\w)/m.exec(await readFile(`/proc/${await child.pid()}/status`, 'utf8'))?.[1]
    await child.kill('SIGSTOP')
    await eventually('it is stopped', async () => (await state()) === 'T')
    await child.kill('SIGCONT')
    await child.kill('SIGTERM')
    t.match(await child.finished, { status: 3, signal: null, stdout: 'ready\ncaught\n' })

    const frozen = host.spawn('sleep', ['600'])
    await frozen.kill('SIGSTOP')
    await frozen.kill('SIGKILL')
    t.match(await frozen.finished, { status: null, signal: 'SIGKILL' })
  },
)

t.test('a capture has every packet from start to stop, and reads them', options, async (t) => {
  const server = await Host.create()
  const client = await Host.create()
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.samba()
  await using capture = await server.capture()

  await client.exec('smbclient', ['-N', `//${server.address}/guest`, '-c', 'exit'])
  const packets = await capture.decode('smb2 && smb2.flags.response == 0', ['smb2.cmd', 'ip.src'])
  t.same(new Set(packets.map((packet) => packet['ip.src'])), new Set([client.address]))
  const commands = packets.map((packet) => packet['smb2.cmd'])
  t.equal(commands[0], '0', 'begins with NEGOTIATE')
  t.ok(commands.includes('4'), 'ends with TREE_DISCONNECT')
  await t.rejects(capture.decode('no such filter', ['ip.src']), /tshark/)
  t.same(await capture.decode('udp.dstport == 9', ['ip.src']), [], 'what ended it is left out')
})

/** Calls NULL of NFS twice in one packet, from each reserved port, over TCP and over UDP. */
const caller = (address: string) => `
  const { createSocket } = require('node:dgram')
  const { once } = require('node:events')
  const { connect } = require('node:net')
  const call = (id) => Buffer.from(Uint32Array.of(id, 0, 2, 100003, 4, 0, 0, 0, 0, 0).buffer).swap32()
  const marked = (id) => Buffer.concat([Buffer.of(0x80, 0, 0, 40), call(id)])
  const viaTcp = async (localPort) => {
    const socket = connect({ host: '${address}', port: 2049, localPort })
    socket.write(Buffer.concat([marked(localPort), marked(localPort + 1024)]))
    let missing = 2 * 28
    socket.on('data', (bytes) => (missing -= bytes.length) || socket.resetAndDestroy())
    await once(socket, 'close')
  }
  const viaUdp = async (port) => {
    const socket = createSocket('udp4').bind(port)
    socket.send(call(port), 2049, '${address}')
    await once(socket, 'message')
    socket.close()
  }
  const all = async () => {
    for (let port = 512; port < 1024; port++) await Promise.all([viaTcp(port), viaUdp(port)])
  }
  void all()
`

t.test('a capture knows NFS from whichever port it comes', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.ganesha()
  await using capture = await server.capture()

  await client.exec(process.execPath, ['-e', caller(server.address)])
  const calls = await capture.decode('rpc.msgtyp == 0', ['rpc.program', 'tcp.srcport'])
  const fromTcp = calls.filter((call) => call['tcp.srcport'] !== '')
  t.equal(fromTcp.length, 512)
  t.ok(fromTcp.every((call) => call['rpc.program'] === '100003,100003'))
  t.equal(calls.length - fromTcp.length, 512, 'over UDP')
  t.equal((await capture.decode('_ws.malformed', ['frame.number'])).length, 0)
})
