import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DiagnosisProcess, type Hearer } from '../../../src/cli/diagnosis/diagnosis-process.ts'
import { eventually } from '../../helpers/eventually.ts'

/** A process whose command is a script. */
function scripted(t: Test, script: string, limitMs = 60_000) {
  const directory = t.testdir({ command: `#!/bin/sh\n${script}\n` })
  const file = join(directory, 'command')
  chmodSync(file, 0o755)
  const process = new DiagnosisProcess({ file, args: ['first'] }, limitMs)
  t.teardown(async () => process.close(60_000))
  return { process, directory }
}

function hearer(): Hearer & { lines: string[]; isOver: boolean; ended: Promise<void> } {
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const all = {
    lines: [] as string[],
    isOver: false,
    ended,
    line: (line: string) => void all.lines.push(line),
    over: () => {
      all.isOver = true
      end()
    },
  }
  return all
}

/** Whoever has ended is gone, though nobody may have buried it. */
function isGone(pid: number): boolean {
  const stat = `/proc/${pid}/stat`
  try {
    return / Z /.test(readFileSync(stat, 'latin1'))
  } catch {
    return true
  }
}

t.test('what the command says is heard, and then it is over', async (t) => {
  const { process } = scripted(t, 'echo "$@"; echo two; env | grep -c SECRET')
  globalThis.process.env['SECRET'] = 'x'
  t.teardown(() => delete globalThis.process.env['SECRET'])
  const heard = hearer()
  t.ok(process.start(['-a', '192.0.2.1'], heard))
  await heard.ended
  t.strictSame(heard.lines, ['first diagnose -a 192.0.2.1 --json --lang en --limit 60', 'two', '0'])
  await eventually('another run may begin', () => process.start([], hearer()))
})

t.test('there is one at a time, and it is ended together with what it has begun', async (t) => {
  const { process } = scripted(t, 'sleep 600 & echo $$ $!; wait')
  const heard = hearer()
  t.ok(process.start([], heard))
  t.notOk(process.start([], hearer()))
  await eventually('it has begun', () => heard.lines.length > 0)
  const pids = (heard.lines[0] ?? '').split(' ').map(Number)
  process.end(hearer())
  t.notOk(heard.isOver, 'another one’s run is not ended')
  process.end(heard)
  t.ok(heard.isOver)
  await eventually('both are gone', () => pids.every(isGone))
  process.end(heard)
})

t.test('no other one begins while something of it is left', async (t) => {
  const { process } = scripted(t, 'sleep 600 >/dev/null & echo $!')
  const heard = hearer()
  process.start([], heard)
  await heard.ended
  const left = Number(heard.lines[0])
  t.teardown(() => {
    if (!isGone(left)) globalThis.process.kill(left, 'SIGKILL')
  })
  t.notOk(isGone(left))
  t.notOk(process.start([], hearer()))
  globalThis.process.kill(left, 'SIGKILL')
  await eventually('another run may begin', () => process.start([], hearer()))
})

t.test('one that is ended before it is known is ended as soon as it is', async (t) => {
  const { process } = scripted(t, 'exec sleep 600')
  const heard = hearer()
  process.start([], heard)
  process.end(heard)
  t.strictSame(heard.lines, [])
  await eventually('another run may begin', () => process.start([], hearer()))
})

t.test('when its time is up it is ended', async (t) => {
  const { process } = scripted(t, 'echo $$; exec sleep 600', 1)
  const heard = hearer()
  process.start([], heard)
  await heard.ended
  await eventually('another run may begin', () => process.start([], hearer()))
  for (const pid of heard.lines.map(Number)) t.ok(isGone(pid))
})

t.test('a command that cannot be started is over at once', async (t) => {
  const process = new DiagnosisProcess({ file: '/no/such/file', args: [], argv0: 'x' }, 60_000)
  const heard = hearer()
  t.ok(process.start([], heard))
  await heard.ended
  t.strictSame(heard.lines, [])
})

t.test('at the end of the process nothing of it remains', async (t) => {
  const { process } = scripted(t, 'echo $$; exec sleep 600')
  t.equal(await process.close(60_000), true, 'nothing is under way')
  const heard = hearer()
  process.start([], heard)
  await eventually('it has begun', () => heard.lines.length > 0)
  t.equal(await process.close(60_000), true)
  await eventually('it is gone', () => isGone(Number(heard.lines[0])))
})
