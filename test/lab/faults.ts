import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** What a TCP client meets: an error's code, or what comes after it connected. */
function meet(address: string, port: number, bytes = '', limitMs = 3000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    let met = 'nothing'
    const end = (what: string) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(what)
    }
    const timer = setTimeout(() => end(met), limitMs)
    socket.on('connect', () => {
      met = 'connected'
      if (bytes === '') return end(met)
      socket.write(Buffer.from(bytes, 'hex'))
    })
    socket.on('data', () => end('answered'))
    socket.on('close', () => end('closed'))
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}

// A NULL call of portmap version 2, in one record.
const nullCall = [
  '80000028',
  '00000001000000000000000200',
  '0186a0',
  '00000002',
  '00'.repeat(20),
].join('')

async function reachesShare(client: Host, server: Host, limitMs = 60_000): Promise<boolean> {
  const args = ['-N', `//${server.address}/guest`, '-c', 'get hello.txt /dev/null']
  try {
    return (await client.exec('smbclient', args, { timeoutMs: limitMs })).status === 0
  } catch {
    return false
  }
}

t.test('a frozen Samba accepts and is silent, and only on its host', options, async (t) => {
  const [frozen, other, client] = await Promise.all([
    Host.create(),
    Host.create(),
    Host.create({ name: 'client' }),
  ])
  t.teardown(() => Promise.all([frozen.down(), other.down(), client.down()]))
  const [samba] = await Promise.all([frozen.samba(), other.samba()])

  await samba.freeze()
  t.equal(await meet(frozen.address, 445), 'connected')
  t.notOk(await reachesShare(client, frozen, 2000))
  t.ok(await reachesShare(client, other))

  await samba.thaw()
  t.ok(await reachesShare(client, frozen))
})

t.test('with its children frozen, Samba still serves who comes anew', options, async (t) => {
  const server = await Host.create()
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  const samba = await server.samba()

  const session = client.spawn('stdbuf', ['-o0', 'smbclient', '-N', `//${server.address}/guest`])
  session.child.stdin.write('ls\n')
  await session.said(/big\.bin/)
  const [parent] = await samba.pids('parent')
  await samba.freeze('children')
  t.ok(parent !== undefined && !(await samba.pids('children')).includes(parent))
  t.ok(await reachesShare(client, server))
  await samba.thaw('children')
  session.child.stdin.end('exit\n')
  t.equal((await session.finished).status, 0)
})

t.test('killed, Samba refuses; started again, it serves', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  const samba = await server.samba()

  await samba.kill('parent')
  t.equal(await meet(server.address, 445), 'ECONNREFUSED')
  await samba.stop()
  await samba.start()
  t.ok(await reachesShare(server, server))
})

t.test('Samba can be on ports of its own, and change its mind', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  const samba = await server.samba({ ports: [1445] })
  t.equal(await meet(server.address, 1445), 'connected')
  t.equal(await meet(server.address, 445), 'ECONNREFUSED')

  await samba.restart({ global: ['server min protocol = SMB3_11'] })
  t.equal(await meet(server.address, 1445), 'ECONNREFUSED')
  const older = ['-N', '-m', 'SMB3_02', `//${server.address}/guest`, '-c', 'exit']
  const { stdout } = await server.exec('smbclient', older)
  t.match(stdout, /NT_STATUS_NOT_SUPPORTED/)
  t.ok(await reachesShare(server, server))

  const listing = ['-N', '-g', '-L', server.address]
  await samba.reload({ shares: { fresh: ['path = /srv/samba/guest'] } })
  t.match((await server.exec('smbclient', listing)).stdout, /^Disk\|fresh\|/m)
  await t.rejects(samba.restart({ global: ['no such parameter = 1'] }), /could not be set up/)
})

t.test('an account can be of every bad kind', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  const errors = {
    disabled: 'ACCOUNT_DISABLED',
    locked: 'ACCOUNT_LOCKED_OUT',
    'must-change': 'PASSWORD_MUST_CHANGE',
    'account-expired': 'ACCOUNT_EXPIRED',
    'password-expired': 'PASSWORD_EXPIRED',
  } as const
  const states = Object.keys(errors) as (keyof typeof errors)[]
  const users = states.map((state, index) => ({ name: `u${index}`, password: 'Pw-1', state }))
  await server.samba({ users, shares: { more: ['path = /srv/samba/guest', 'guest ok = yes'] } })

  for (const { name, password, state } of users) {
    const args = ['-U', `${name}%${password}`, `//${server.address}/guest`, '-c', 'exit']
    const { stdout } = await server.exec('smbclient', args)
    t.equal(/NT_STATUS_(\w+)/.exec(stdout)?.[1], errors[state], state)
  }
  const args = ['-U', 'labuser%Lab-Pass1', `//${server.address}/more`, '-c', 'exit']
  t.equal((await server.exec('smbclient', args)).status, 0, 'the others are good')
})

t.test('Ganesha killed, its port refuses and rpcbind still lists it', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  const ganesha = await server.ganesha()

  await ganesha.kill()
  t.equal(await meet(server.address, 2049), 'ECONNREFUSED')
  const { stdout } = await server.exec('rpcinfo', ['-p', server.address])
  t.match(stdout, /2049 +nfs/)

  await ganesha.start()
  t.equal(await meet(server.address, 2049), 'connected')
})

t.test('rpcbind frozen is silent while NFSv4 goes on', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  await server.ganesha({ minors: '0' })
  t.equal(await meet(server.address, 111, nullCall), 'answered')

  await server.service('rpcbind').freeze()
  t.equal(await meet(server.address, 111, nullCall, 1000), 'connected')
  const list = await server.exec('nfs-ls', [`nfs://${server.address}/data?version=4`])
  t.equal(list.status, 0, list.stderr)
  await server.service('rpcbind').thaw()
  t.equal(await meet(server.address, 111, nullCall), 'answered')
})

t.test('Ganesha is what it is told to be', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  const exports = [
    { path: '/srv/nfs/a', pseudo: '/a', extra: 'Access_Type = RO;' },
    { path: '/srv/nfs/b', pseudo: '/b' },
  ]
  const ganesha = await server.ganesha({ protocols: '4', nfsPort: 12049, grace: 5, exports })
  t.equal(await meet(server.address, 12049), 'connected')
  t.equal(await meet(server.address, 2049), 'ECONNREFUSED')
  t.equal(await meet(server.address, 111), 'ECONNREFUSED', 'NFSv4 needs no rpcbind')
  t.match(await ganesha.log(), /NFS SERVER INITIALIZED/)

  const nonsense = [{ path: '/srv/nfs/c', pseudo: '/c', extra: 'Nonsense = 1;' }]
  await t.rejects(ganesha.restart({ exports: nonsense }), /does not understand/)
})

t.test('the network of a host can be harmed in every way, and mended', options, async (t) => {
  const server = await Host.create()
  t.teardown(() => server.down())
  await server.rpcbind()
  const cases = [
    [{}, 'nothing'],
    [{ mode: 'drop', port: 111 }, 'nothing'],
    [{ mode: 'drop', port: 445 }, 'answered'],
    [{ mode: 'drop', direction: 'out' }, 'nothing'],
    [{ mode: 'drop', peer: '10.213.0.1' }, 'nothing'],
    [{ mode: 'drop', peer: '10.213.0.99' }, 'answered'],
    [{ mode: 'silence' }, 'connected'],
    [{ mode: 'silence', port: [110, 111] }, 'connected'],
    [{ mode: 'reject' }, 'EHOSTUNREACH'],
    [{ mode: 'reset' }, 'ECONNREFUSED'],
    [{ mode: 'loss', percent: 99 }, 'nothing'],
    [{ mode: 'unplug' }, 'nothing'],
  ] as const
  for (const [cut, expected] of cases) {
    await server.cut(cut)
    const limitMs = expected === 'answered' ? 60_000 : 1000
    t.equal(await meet(server.address, 111, nullCall, limitMs), expected, JSON.stringify(cut))
    t.equal((await server.exec('rpcinfo', ['-p', '127.0.0.1'])).status, 0, 'loopback is whole')
    await server.heal()
    t.equal(await meet(server.address, 111, nullCall, 60_000), 'answered', 'healed')
  }
})

t.test('a cut from one client leaves the others connected', options, async (t) => {
  const [server, near, far] = await Promise.all([Host.create(), Host.create(), Host.create()])
  t.teardown(() => Promise.all([server.down(), near.down(), far.down()]))
  await server.samba()

  await far.cut({ port: [139, 445] })
  t.notOk(await reachesShare(far, server, 2000))
  t.ok(await reachesShare(near, server))
  await far.heal()
  t.ok(await reachesShare(far, server))
})

t.test('a delayed host answers late, and all that it is asked for', options, async (t) => {
  const server = await Host.create()
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.samba()
  const timed = async (task: () => Promise<unknown>) => {
    const startMs = performance.now()
    t.ok(await task())
    return performance.now() - startMs
  }

  await server.delay(200, 20)
  // SYN and its answer: both were held back.
  t.ok((await timed(() => meet(server.address, 445, '', 60_000))) > 350)
  await server.delay(5)
  const args = ['-N', `//${server.address}/guest`, '-c', 'get big.bin -']
  const copied = await client.exec('smbclient', args)
  t.equal(copied.stdout.length, 4 * 1024 * 1024)

  await server.cut()
  t.equal(await meet(server.address, 445, '', 500), 'nothing', 'it can be cut as well')
  await server.heal()
  t.ok(await reachesShare(client, server))
})

t.test('a directory hangs under a healthy Samba, until it does not', options, async (t) => {
  const server = await Host.create()
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.samba()
  const disk = '/srv/samba/guest/disk'
  await server.exec('sh', ['-c', `mkdir ${disk} && echo there >${disk}/file`])
  const fetch = (path: string) => {
    return client.spawn('smbclient', ['-N', `//${server.address}/guest`, '-c', `get ${path} -`])
  }

  await server.hang(disk)
  t.equal((await fetch('hello.txt').finished).status, 0, 'the share itself is well')
  const waiting = fetch('disk/file')
  const first = await Promise.race([waiting.finished, sleep(1000, 'still waiting')])
  t.equal(first, 'still waiting')
  await server.unhang(disk)
  t.match(await waiting.finished, { status: 0, stdout: /there/ })
  t.match(await fetch('disk/file').finished, { status: 0, stdout: /there/ })
})

t.test('one export of Ganesha hangs while the others are well', options, async (t) => {
  const [back, server, client] = await Promise.all([Host.create(), Host.create(), Host.create()])
  t.teardown(() => Promise.all([back.down(), server.down(), client.down()]))
  const backend = await back.ganesha({ protocols: '4' })
  const far = 'EXPORT { Export_Id = 9; Path = /data; Pseudo = /far; Attr_Expiration_Time = 0;'
  const fsal = `FSAL { Name = PROXY_V4; Srv_Addr = ${back.address}; } }`
  await server.ganesha({ protocols: '4', extra: `${far} ${fsal}` })
  const list = (path: string) =>
    client.spawn('nfs-ls', [`nfs://${server.address}${path}?version=4`])

  t.match(await list('/far').finished, { status: 0, stdout: /hello\.txt/ })
  await backend.freeze()
  const waiting = list('/far')
  t.match(await list('/data').finished, { status: 0, stdout: /hello\.txt/ })
  const first = await Promise.race([waiting.finished, sleep(1000, 'still waiting')])
  t.equal(first, 'still waiting')
  await backend.thaw()
  t.match(await waiting.finished, { status: 0, stdout: /hello\.txt/ })
})
