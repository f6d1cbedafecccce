import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { decodeStat, identityOf, isRunning } from '../../src/registry/process-identity.ts'
import { eventually } from '../helpers/eventually.ts'

const tail = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20'

/** A file system in which nothing about processes can be read, but the boot ID can. */
function failing(failure: string) {
  return {
    readFileSync: (path: string) => {
      if (path.endsWith('boot_id')) return 'boot'
      if (failure === 'garbage') return 'garbage'
      throw Object.assign(new Error(failure), { code: failure })
    },
  }
}

t.test('state and start time are found behind whatever the command is called', (t) => {
  for (const name of ['node', 'a b', ') S 1 (', ')))', '']) {
    t.same(decodeStat(`42 (${name}) S ${tail}`), { state: 'S', startTicks: '98765' })
  }
  t.end()
})

t.test('what is cut short or no number is nothing', (t) => {
  const whole = `42 (node) S ${tail}`
  for (let length = 0; length < whole.indexOf('98765'); length += 1) {
    t.equal(decodeStat(whole.slice(0, length)), undefined)
  }
  t.equal(decodeStat(whole.replace('98765', 'x')), undefined)
  t.end()
})

t.test('this process runs, under its own number and start', (t) => {
  const identity = identityOf(process.pid)
  if (identity === undefined) throw new Error('no identity')
  t.equal(identity.bootId, readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())
  t.equal(isRunning(identity), true)
  t.equal(isRunning({ ...identity, startTicks: '1' }), false, 'the number was given to another')
  t.equal(isRunning({ ...identity, bootId: 'before' }), false, 'it ran before the last boot')
  t.end()
})

t.test('there is no identity where there is no process', (t) => {
  t.equal(identityOf(2 ** 30), undefined)
  t.end()
})

t.test(
  'a process that has ended does not run, also before its parent has taken notice',
  async (t) => {
    const child = spawn('sh', ['-c', 'sleep 0.01 & exec sleep 1000'])
    const identity = identityOf(child.pid ?? 0)
    t.ok(identity)
    if (identity === undefined) return
    t.equal(isRunning(identity), true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await eventually('it has ended', () => !isRunning(identity))
  },
)

t.test('a zombie does not run', async (t) => {
  // A parent that never waits: its child stays a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [text] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(text.toString())
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1')
  await eventually('it is a zombie', () => decodeStat(stat())?.state === 'Z')
  const identity = identityOf(pid)
  t.equal(identity !== undefined && isRunning(identity), false)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
})

t.test('what cannot be looked at is taken for alive', async (t) => {
  const identity = { pid: 1, startTicks: '1', bootId: 'boot' }
  for (const [failure, runs] of [
    ['EACCES', true],
    ['EMFILE', true],
    ['garbage', true],
    ['ESRCH', false],
  ] as const) {
    const mocked = await t.mockImport<typeof import('../../src/registry/process-identity.ts')>(
      '../../src/registry/process-identity.ts',
      { 'node:fs': failing(failure) },
    )
    t.equal(mocked.isRunning(identity), runs, failure)
    t.equal(mocked.identityOf(1), undefined)
  }
})

t.test('without a boot ID, processes are told apart by number and start', async (t) => {
  const { isRunning, identityOf } = await t.mockImport<
    typeof import('../../src/registry/process-identity.ts')
  >('../../src/registry/process-identity.ts', {
    'node:fs': {
      readFileSync: (path: string) => {
        if (path.endsWith('boot_id')) throw new Error('EACCES')
        return readFileSync(path, 'latin1')
      },
    },
  })
  const identity = identityOf(process.pid)
  t.match(identity, { bootId: '' })
  t.equal(identity !== undefined && isRunning(identity), true)
})
