import t from 'tap'
import { enter, namesIn, thenUndo, type NfsCheck } from '../../src/probe/nfs-check.ts'
import { StageClock } from '../../src/probe/stage-clock.ts'

function check(): NfsCheck {
  return { clock: new StageClock('first') } as NfsCheck
}

t.test('a stage that the check is in already is not begun again', async (t) => {
  const { clock } = check()
  enter({ clock } as NfsCheck, 'first')
  t.same(clock.stages, [])
  enter({ clock } as NfsCheck, 'second')
  t.equal(clock.current, 'second')
  t.match(clock.stages, [{ name: 'first' }])
})

t.test('work that is done is undone in a stage of its own', async (t) => {
  const done: string[] = []
  const one = check()
  await thenUndo(
    one,
    'undo',
    async () => {
      done.push('work')
    },
    async () => {
      done.push(one.clock.current)
    },
  )
  t.same(done, ['work', 'undo'])
})

t.test('work that failed is undone as well, and stays what failed', async (t) => {
  const one = check()
  let undone = false
  const failing = thenUndo(
    one,
    'undo',
    () => Promise.reject(new Error('the work')),
    async () => {
      undone = true
      throw new Error('the undoing')
    },
  )
  await t.rejects(failing, { message: 'the work' })
  t.ok(undone)
  t.equal(one.clock.current, 'first')
})

t.test('an undoing that fails is a failure of its own', async (t) => {
  const one = check()
  const failing = thenUndo(
    one,
    'undo',
    async () => {},
    () => Promise.reject(new Error('the undoing')),
  )
  await t.rejects(failing, { message: 'the undoing' })
  t.equal(one.clock.current, 'undo')
})

t.test('a path is its names', async (t) => {
  t.same(namesIn('/srv/nfs/data'), ['srv', 'nfs', 'data'])
  t.same(namesIn('srv//nfs/./data/'), ['srv', 'nfs', 'data'])
  t.same(namesIn('/'), [])
})
