import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { skipOutsideLab } from '../helpers/lab.ts'
import { finish, labCommand } from '../helpers/lab/command.ts'

// Worlds within the world of the tests: what they were to leave behind ends with that at the latest.
t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** Runs scripts/lab with a directory for temporary files, and a mark on all of its processes. */
async function outside() {
  const mark = randomUUID()
  const directory = await mkdtemp(join(tmpdir(), 'world-'))
  const env = {
    ...process.env,
    LAB_TEST_MARK: mark,
    TMPDIR: directory,
    CLP_FSMON_LAB: undefined,
  }
  const mountsBefore = await readFile('/proc/self/mountinfo', 'utf8')
  return {
    env,
    lab: (...args: string[]) => finish(labCommand, args, { env }),
    marked: () => processesWith(`LAB_TEST_MARK=${mark}`),
    /** What is left: processes, mounts, files. */
    left: async () => ({
      processes: await processesWith(`LAB_TEST_MARK=${mark}`),
      mounts: (await readFile('/proc/self/mountinfo', 'utf8')) === mountsBefore ? '' : 'changed',
      files: await readdir(directory),
    }),
  }
}

const nothing = { processes: [], mounts: '', files: [] }

async function processesWith(variable: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return environment.split('\0').includes(variable)
    }),
  )
  return pids.filter((_, index) => found[index])
}

t.test(
  'a lab comes up with servers that answer, and leaves nothing when it goes',
  options,
  async (t) => {
    const { lab, left, marked } = await outside()
    t.teardown(() => lab('down'))

    const up = await lab('up')
    t.equal(up.status, 0, up.stderr)
    t.match(up.stdout, /^samba +10\.213\.0\.10 .* samba=answers$/m)
    t.match(up.stdout, /^nfs +10\.213\.0\.20 .* rpcbind=answers ganesha=answers$/m)
    t.match(up.stdout, /^client +10\.213\.0\.30 /m)
    t.equal((await lab('exec', 'client', 'smbclient', '-N', '-L', 'samba')).status, 0)
    t.match((await lab('exec', 'client', 'showmount', '-e', 'nfs')).stdout, '/srv/nfs/data')
    t.ok((await marked()).length > 5)

    const again = await lab('up')
    t.match(again, { status: 0, stdout: /^lab 'default' is up already\n/ })

    t.match(await lab('down'), { status: 0, stdout: "lab 'default' is down\n" })
    t.same(await left(), nothing)
    t.match(await lab('down'), { status: 0, stdout: "lab 'default' is not up\n" })
  },
)

t.test(
  'two labs stand side by side, and a fault in one is not in the other',
  options,
  async (t) => {
    const { lab, left } = await outside()
    t.teardown(() => Promise.all([lab('down', '--lab', 'a'), lab('down', '--lab', 'b')]))
    const ups = await Promise.all([lab('up', '--lab', 'a'), lab('up', '--lab', 'b')])
    t.same(
      ups.map(({ status }) => status),
      [0, 0],
    )

    t.equal((await lab('freeze', '--lab', 'a', 'samba', 'samba')).status, 0)
    t.match((await lab('status', '--lab', 'a')).stdout, 'samba=frozen')
    t.match((await lab('status', '--lab', 'b')).stdout, 'samba=answers')
    t.equal((await lab('down', '--lab', 'a')).status, 0)
    t.match((await lab('status', '--lab', 'b')).stdout, 'samba=answers')
    t.equal((await lab('down', '--lab', 'b')).status, 0)
    t.same(await left(), nothing)
  },
)

t.test('of two that bring one lab up at once, both find it up', options, async (t) => {
  const { lab, left } = await outside()
  t.teardown(() => lab('down'))
  const ups = await Promise.all([lab('up'), lab('up')])
  t.same(
    ups.map(({ status }) => status),
    [0, 0],
  )
  t.equal(ups.filter(({ stdout }) => stdout.includes('already')).length, 1)
  await lab('down')
  t.same(await left(), nothing)
})

t.test('labs come and go at once without a trace of each other', options, async (t) => {
  const { lab, left } = await outside()
  const names = ['a', 'b', 'c']
  t.teardown(() => Promise.all(names.map((name) => lab('down', '--lab', name))))
  const cycle = async (name: string) => {
    const up = await lab('up', '--lab', name)
    const down = await lab('down', '--lab', name)
    return up.stderr + down.stderr + up.status + down.status
  }
  t.same(await Promise.all(names.map(cycle)), ['00', '00', '00'])
  t.same(await left(), nothing)
})

t.test('a lab whose world was killed is not up, and can come up again', options, async (t) => {
  const { lab, env, left } = await outside()
  t.teardown(() => lab('down'))
  await lab('up')
  const record = await readFile(join(env.TMPDIR, 'clp-fsmon-lab/default/world'), 'utf8')
  process.kill(Number(record.split(' ')[0]), 'SIGKILL')
  await eventually('it is down', async () => (await lab('status')).status === 1)
  t.match((await lab('status')).stderr, /is not up; bring it up with/)
  t.equal((await lab('up')).status, 0)
  await lab('down')
  t.same(await left(), nothing)
})

t.test('run hands on how its command ended', options, async (t) => {
  const { lab, env, left } = await outside()
  t.match(await lab('run', 'sh', '-c', 'exit 42'), { status: 42 })
  t.match(await lab('run', 'sh', '-c', 'kill -KILL $$'), { status: 137 })
  t.match(await lab('run', 'no-such-command'), { status: 127 })
  const echo = await finish(labCommand, ['run', 'cat'], { env, stdin: 'through' })
  t.match(echo, { status: 0, stdout: 'through' })
  const links = await lab('run', 'ip', '-o', 'route')
  t.notMatch(links.stdout, 'default', 'there is no way out')
  t.same(await left(), nothing)
})

t.test('what a command left running and lying in its world goes with it', options, async (t) => {
  const { lab, left } = await outside()
  const mark = `/var/${randomUUID()}`
  const script = `"$1" add srv && "$1" start srv samba && touch "$TMPDIR/x" ${mark} && (setsid sleep 600 &)`
  const run = await lab('run', 'sh', '-c', script, '-', labCommand)
  t.equal(run.status, 0, run.stderr)
  await eventually('nothing is left', async () => (await left()).processes.length === 0)
  t.same(await left(), nothing)
  t.notOk(existsSync(mark))
})

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  t.test(`run ended by ${signal} leaves nothing behind`, options, async (t) => {
    const { env, left } = await outside()
    const script = '"$1" add srv && "$1" start srv samba && echo ready && sleep 600'
    const child = spawn(labCommand, ['run', 'sh', '-c', script, '-', labCommand], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await eventually('the command is ready', () => output.includes('ready'))
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    await eventually('nothing is left', async () => (await left()).processes.length === 0)
    t.same(await left(), nothing)
  })
}

t.test('a command that does not heed the end is ended with its world', options, async (t) => {
  const { env, left } = await outside()
  const script = 'trap "" TERM; echo ready; while :; do sleep 1; done'
  const child = spawn(labCommand, ['run', 'sh', '-c', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
  await eventually('nothing is left', async () => (await left()).processes.length === 0)
  t.same(await left(), nothing)
})

t.test('wrong use is told with what to do', options, async (t) => {
  const { lab } = await outside()
  const cases = [
    [['frobnicate'], 2, /no command 'frobnicate'/],
    [['run'], 2, /needs a command/],
    [['--lab'], 2, /--lab needs a name/],
    [['up', 'x'], 2, /takes only --lab/],
    [['up', '--lab', '../x'], 2, /a lab's name is/],
    [['status', '--lab', 'none'], 1, /lab 'none' is not up; bring it up with: .* up --lab none/],
    [['exec', 'samba', 'true'], 125, /is not up/],
  ] as const
  for (const [args, status, stderr] of cases) {
    t.match(await lab(...args), { status, stderr }, args.join(' '))
  }
  t.match(await lab('--help'), { status: 0, stdout: /scripts\/lab up/ })

  const inside = [
    ['exec none true', 125, /there is no host 'none' that is up/],
    ['add Nope', 2, /a host's name is/],
    ['add --address 10.9.9.9 srv', 2, /not in 10\.213/],
    ['add --address 10.213.0.5 srv', 0, /^$/],
    ['add srv', 1, /is up already/],
    ['add --address 10.213.0.5 two', 1, /another host has the address/],
    ['start srv httpd', 2, /no service 'httpd'/],
    ['start srv samba --frob 1', 2, /no option '--frob'/],
    ['start srv ganesha --export x', 2, /--export is/],
    ['freeze srv samba', 1, /no samba is running/],
    ['freeze srv httpd', 2, /no target 'httpd'/],
    ['cut srv --mode rot', 2, /--mode is/],
  ] as const
  const script = inside.map(([line]) => `"$1" ${line} 2>&1 >/dev/null; echo "=$?"`).join('\n')
  const { stdout } = await lab('run', 'sh', '-c', script, '-', labCommand)
  const answers = stdout.split(/=(\d+)\n/)
  for (const [index, [line, status, stderr]] of inside.entries()) {
    t.equal(Number(answers[2 * index + 1]), status, `status of ${line}`)
    t.match(answers[2 * index], stderr, line)
  }
})
