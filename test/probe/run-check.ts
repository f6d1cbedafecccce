import t from 'tap'
import { runCheck, type CheckPlan } from '../../src/probe/run-check.ts'
import { SocketError } from '../../src/wire/socket-error.ts'

const refused = { failure: 'refused', cause: { id: 62, nn: 67 }, reason: 'no' } as const

function plan(walk: CheckPlan['walk'], over: Partial<CheckPlan> = {}): CheckPlan {
  return {
    firstStage: 'connect',
    walk,
    onTimeout: (stage) => ({ failure: 'timeout', cause: { id: 74, nn: 110 }, reason: stage }),
    judge: () => refused,
    ...over,
  }
}

function timeoutError() {
  return Object.assign(new Error('late'), { name: 'TimeoutError' })
}

const forever = new AbortController().signal

t.test('a walk to the end is ok, with its stages and what was seen', async (t) => {
  const outcome = await runCheck(
    plan(async (clock, seen) => {
      clock.enter('tree')
      seen.dialect = '3.1.1'
    }),
    forever,
  )
  t.match(outcome, { kind: 'ok', detail: { dialect: '3.1.1' } })
  t.strictSame(
    outcome.stages.map((stage) => stage.name),
    ['connect', 'tree'],
  )
})

t.test('an error of the server is a failure in the stage it was in', async (t) => {
  const outcome = await runCheck(
    plan(
      async (clock, seen) => {
        clock.enter('tree')
        seen.dialect = '3.1.1'
        throw new Error('BAD_NETWORK_NAME')
      },
      { judge: (error, stage) => ({ ...refused, detail: { said: String(error), in: stage } }) },
    ),
    forever,
  )
  t.match(outcome, {
    kind: 'failed',
    stage: 'tree',
    ...refused,
    detail: { dialect: '3.1.1', said: 'Error: BAD_NETWORK_NAME', in: 'tree' },
  })
})

t.test('the deadline is a failure of the stage it ran out in', async (t) => {
  const controller = new AbortController()
  const outcome = await runCheck(
    plan(async (clock) => {
      clock.enter('session')
      controller.abort(timeoutError())
      controller.signal.throwIfAborted()
    }),
    controller.signal,
  )
  t.match(outcome, { kind: 'failed', stage: 'session', failure: 'timeout', cause: { id: 74 } })
})

t.test('an answer that came before the deadline counts as that answer', async (t) => {
  const controller = new AbortController()
  const outcome = await runCheck(
    plan(async () => {
      controller.abort(timeoutError())
      throw new Error('LOGON_FAILURE')
    }),
    controller.signal,
  )
  t.match(outcome, { kind: 'failed', failure: 'refused' })
})

t.test('any other abort says nothing about the server', async (t) => {
  const outcome = await runCheck(
    plan(async () => {}),
    AbortSignal.abort(new Error('stop')),
  )
  t.match(outcome, { kind: 'aborted', stages: [{ name: 'connect' }] })
  t.match(
    await runCheck(
      plan(async () => {}),
      AbortSignal.abort('no error at all'),
    ),
    { kind: 'aborted' },
  )
})

t.test('a stop while a failed check cleans up says nothing about the server either', async (t) => {
  const controller = new AbortController()
  const outcome = await runCheck(
    plan(async () => {
      controller.abort(new Error('stop'))
      throw new Error('LOGON_FAILURE')
    }),
    controller.signal,
  )
  t.match(outcome, { kind: 'aborted' })
})

t.test('our own trouble is never judged as the server', async (t) => {
  const outcome = await runCheck(
    plan(async () => {
      throw new SocketError('socket', 'EMFILE', 24)
    }),
    forever,
  )
  t.match(outcome, { kind: 'cannot-judge', stage: 'connect', cause: { id: 71, nn: 24 } })
})

t.test('a bug is our own trouble, and its stack is kept', async (t) => {
  const bug = new TypeError('undefined is not a function')
  const thrown = plan(
    async () => {
      throw bug
    },
    { judge: () => undefined },
  )
  t.match(await runCheck(thrown, forever), {
    kind: 'cannot-judge',
    cause: { id: 42, text: 'connect' },
    reason: bug.stack,
  })
  delete bug.stack
  t.match(await runCheck(thrown, forever), { reason: 'TypeError: undefined is not a function' })
  const notAnError = plan(
    async () => {
      // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown must be caught
      throw 'text'
    },
    { judge: () => undefined },
  )
  t.match(await runCheck(notAnError, forever), { kind: 'cannot-judge', reason: 'text' })
})
