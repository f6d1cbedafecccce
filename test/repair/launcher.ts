import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { go, launched, ready } from '../../src/repair/launcher.ts'
import { eventually } from '../helpers/eventually.ts'

type Given = Parameters<typeof launched>[1]

/** Begins a command by its launcher; `told` is what it is told once it has said something. */
async function run(t: Test, command: readonly string[], told = go, given: Given = {}) {
  const user = process.geteuid?.() ?? 0
  const { file, args } = launched(command, { user, ...given })
  const child = spawn(file, args, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ONLY: 'this' },
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('no ends')
  let said = ''
  let printed = ''
  stdin.on('error', () => undefined)
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    if (said === '') stdin.end(told)
    said += bytes.toString()
  })
  stdout.on('data', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, said: said.trimEnd(), printed }
}

t.test('it becomes the program, with its arguments as they are and nothing more', async (t) => {
  const words = ['a b', '$HOME', "it's", '*', '']
  const script = `printf '[%s]' "$@"; echo; cat; /usr/bin/env; umask; [ -e /proc/$$/fd/3 ] || echo alone`
  const { status, said, printed } = await run(t, ['/bin/sh', '-c', script, 'sh', ...words])
  t.equal(said, ready)
  t.equal(status, 0)
  t.match(printed, /^\[a b\]\[\$HOME\]\[it's\]\[\*\]\[\]\n/)
  t.match(printed, /^ONLY=this$/m)
  t.notMatch(printed, /^OLDPWD|^HOME/m)
  t.match(printed, /^0022\nalone$/m)
})

t.test('what others may put in the place of a program is not run either', async (t) => {
  const directory = t.testdir({ own: { mend: '#!/bin/sh\n' }, by: {} })
  const [own, by, mend] = [
    join(directory, 'own'),
    join(directory, 'by'),
    join(directory, 'own/mend'),
  ]
  const link = join(by, 'link')
  symlinkSync(mend, link)
  for (const each of [own, by, mend]) chmodSync(each, 0o755)
  for (const [program, open] of [
    [mend, own],
    [link, own],
    [link, by],
  ] as const) {
    t.equal((await run(t, [program], '')).said, ready)
    for (const mode of [0o775, 0o757]) {
      chmodSync(open, mode)
      t.equal((await run(t, [program])).said, `${open} may be written by others than root`)
    }
    chmodSync(open, 0o755)
  }
})

t.test('what must not be run is refused, with the reason', async (t) => {
  const directory = t.testdir({ open: '#!/bin/sh\n', group: '#!/bin/sh\n', plain: 'no program' })
  const file = (name: string, mode: number) => {
    chmodSync(join(directory, name), mode)
    return join(directory, name)
  }
  const by = { user: 4_000_000 }
  for (const [program, why, given] of [
    [file('open', 0o757), /may be written by others than root/],
    [file('group', 0o775), /may be written by others than root/],
    [directory, /is not a file/],
    [join(directory, 'no', 'such'), /does not exist/],
    [file('plain', 0o600), /may not be executed/],
    ...(process.geteuid?.() === 0 ? [] : [[file('plain', 0o700), /than root/, by] as const]),
  ] as const) {
    const { status, said } = await run(t, [program], go, given)
    t.match(said, why)
    t.equal(status, 1)
  }
})

t.test('when nobody tells it to, it does not begin', async (t) => {
  const file = join(t.testdir(), 'begun')
  const { status, said } = await run(t, ['/bin/sh', '-c', `echo >${file}`], '')
  t.equal(said, ready)
  t.equal(status, 1)
  t.equal(existsSync(file), false)
})

t.test('whatever stands still of these programs is ended first, and nothing else', async (t) => {
  const directory = t.testdir()
  const begin = async (name: string) => {
    const program = join(directory, name)
    if (!existsSync(program)) copyFileSync('/bin/sleep', program)
    const child = spawn(program, ['600'], { stdio: 'ignore' })
    t.teardown(() => child.kill('SIGKILL'))
    await once(child, 'spawn')
    return child
  }
  const [stopped, running, other] = [
    await begin('steps1'),
    await begin('steps1'),
    await begin('steps2'),
  ]
  for (const child of [stopped, other]) {
    child.kill('SIGSTOP')
    const stat = `/proc/${child.pid}/stat`
    await eventually('it stands still', () => / T /.test(readFileSync(stat, 'latin1')))
  }
  const gone = once(stopped, 'exit')
  const given = { endsStopped: ['none', 'steps1'] }
  const { status, printed } = await run(t, ['/bin/echo', 'begun'], go, given)
  t.equal(status, 0)
  t.equal(printed, `ended, for it stood still: ${stopped.pid}\nbegun\n`)
  t.strictSame(await gone, [null, 'SIGTERM'], 'it was asked, and heard it')
  t.equal(running.exitCode ?? running.signalCode, null)
  t.equal(other.exitCode ?? other.signalCode, null)
})

t.test('one that heeds nothing is killed', async (t) => {
  const program = join(t.testdir(), 'steps3')
  copyFileSync('/bin/sh', program)
  const child = spawn(program, ['-c', `trap '' TERM; echo; while :; do sleep 1; done`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  child.kill('SIGSTOP')
  const gone = once(child, 'exit')
  const { printed } = await run(t, ['/bin/echo', 'begun'], go, { endsStopped: ['steps3'] })
  t.match(printed, /begun/)
  t.strictSame(await gone, [null, 'SIGKILL'])
})
