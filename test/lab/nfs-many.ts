import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { finish } from '../helpers/lab/command.ts'
import { probeOf, summary } from '../helpers/lab-nfs.ts'

t.setTimeout(240_000)
const options = { skip: skipOutsideLab() }
const checks = 2000

async function settledHeapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let leastBytes = Infinity
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    leastBytes = Math.min(leastBytes, process.memoryUsage().heapUsed)
  }
  return leastBytes
}

t.test('thousands of checks leave no trace', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  await server.ganesha()
  for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
    await t.test(`version ${version}`, async (t) => {
      const probe = probeOf(server, { version })
      const run = async (count: number) => {
        for (let n = 0; n < count; n++) {
          const outcome = await probe(new AbortController().signal)
          if (outcome.kind !== 'ok') {
            t.fail(`check ${n}: ${summary(outcome)} ${JSON.stringify(outcome)}`)
            return
          }
        }
      }
      await run(checks / 2)
      const heapBefore = await settledHeapBytes()
      const cpuBefore = process.cpuUsage()
      const began = performance.now()
      await run(checks)
      const tookMs = performance.now() - began
      const { user, system } = process.cpuUsage(cpuBefore)
      const grownBytes = (await settledHeapBytes()) - heapBefore
      t.ok(grownBytes < 1024 * 1024, `the heap has grown by ${grownBytes} bytes`)
      t.comment(
        `${Math.round((checks * 1000) / tookMs)} checks a second, ` +
          `${Math.round((user + system) / checks)} µs of CPU each`,
      )
    })
  }

  await t.test('no reserved port stays taken', async (t) => {
    const seen = async () => {
      const { stdout } = await finish('ss', ['-Htan', 'dst', server.address])
      return stdout.split('\n').filter((line) => line !== '')
    }
    let lines = await seen()
    // What was closed last is on its way.
    while (lines.some((line) => !line.startsWith('TIME-WAIT'))) lines = await seen()
    const ports = new Set(lines.map((line) => /:(\d+) /.exec(line)?.[1]))
    t.comment(`${ports.size} ports linger after ${checks * 6} checks without a pause`)
    t.ok(ports.size <= 120, 'never more than one a second')
    // Those to itself are of the lab, which asks whether the server answers.
    const theirs = await server.exec('ss', [
      '-Htn',
      'state',
      'connected',
      'not',
      'dst',
      server.address,
    ])
    t.equal(theirs.stdout.trim(), '', 'and the server has no connection left')
  })

  await t.test('nobody is left on the mount list', async (t) => {
    const { status, stdout } = await server.exec('showmount', [
      '--no-headers',
      '-a',
      server.address,
    ])
    t.match({ status, stdout: stdout.trim() }, { status: 0, stdout: '' })
  })
})

// A server that is kept from reading for as long as the reset takes to follow the FIN notes the reset.
t.test(
  'checks at their usual pace hardly ever show in the log of the server',
  options,
  async (t) => {
    const server = await Host.create({ name: 'nfs' })
    t.teardown(() => server.down())
    const ganesha = await server.ganesha()
    for (const version of ['3', '4.0', '4.1', '4.2'] as const) {
      // Each probe's first check is one after a pause.
      for (let n = 0; n < 10; n++) {
        t.match(await probeOf(server, { version })(AbortSignal.timeout(20_000)), { kind: 'ok' })
      }
    }
    const log = await ganesha.log()
    const notes = log.split('\n').filter((line) => /errno|TIRPC/.test(line))
    t.ok(
      notes.length <= 10,
      `${notes.length} of 40 checks, at most a quarter:\n${notes.join('\n')}`,
    )
  },
)

t.test('a server keeps neither session nor client of a check', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  t.teardown(() => server.down())
  await server.ganesha({ grace: 5 })
  await using capture = await server.capture()
  for (const version of ['4.1', '4.2'] as const) {
    const probe = probeOf(server, { version, depth: 'write', path: 'hello.txt' })
    for (let n = 0; n < 50; n++) {
      t.match(await probe(AbortSignal.timeout(20_000)), { kind: 'ok' })
    }
  }
  const answers = async (operation: number) => {
    const filter = `rpc.msgtyp == 1 && nfs.main_opcode == ${operation}`
    const found = await capture.decode(filter, ['nfs.nfsstat4'])
    return found.filter((answer) => /^0(,0)*$/.test(answer['nfs.nfsstat4'])).length
  }
  for (const [operation, what] of [
    [43, 'CREATE_SESSION'],
    [44, 'DESTROY_SESSION'],
    [57, 'DESTROY_CLIENTID'],
  ] as const) {
    t.equal(await answers(operation), 100, what)
  }
  const { stdout } = await server.exec('find', ['/var/lib/nfs/ganesha', '-name', '*clp-fsmon*'])
  t.equal(stdout, '', 'nothing is kept to be recovered after a restart')
})
