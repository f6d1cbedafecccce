import { constants } from 'node:os'
import t from 'tap'
import { listenToSignals } from '../../../src/cli/view/terminal-signals.ts'

t.test('signals that end a process end the view, with the status that says which', (t) => {
  const ended: number[] = []
  const told: string[] = []
  const before = process.listenerCount('SIGTERM')
  const release = listenToSignals({
    end: (status) => ended.push(status),
    suspend: () => told.push('suspend'),
    resume: () => told.push('resume'),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
    process.emit(signal, signal)
  const { SIGINT, SIGTERM, SIGHUP, SIGQUIT } = constants.signals
  t.same(
    ended,
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map((number) => 128 + number),
  )
  const killed: unknown[] = []
  t.intercept(process, 'kill', { value: (...args: unknown[]) => killed.push(args) })
  process.emit('SIGTSTP', 'SIGTSTP')
  t.same(told, ['suspend'])
  t.same(killed, [[process.pid, 'SIGSTOP']], 'only then it is stopped')
  process.emit('SIGCONT', 'SIGCONT')
  t.same(told, ['suspend', 'resume'])
  release()
  t.equal(process.listenerCount('SIGTERM'), before)
  t.end()
})
