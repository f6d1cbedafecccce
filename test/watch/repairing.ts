import t from 'tap'
import type { Announcement } from '../../src/alert/announcement.ts'
import type { Mending } from '../../src/watch/mending.ts'
import { Repairing } from '../../src/watch/repairing.ts'
import { opening } from '../../src/watch/state.ts'
import { Voice } from '../../src/watch/voice.ts'
import { FakeClock, settle } from '../helpers/fake-clock.ts'

/** Repairs that do as they are told. */
function scene(more: Partial<Mending> = {}, begins = true) {
  const clock = new FakeClock()
  const said: Announcement[] = []
  const log: string[] = []
  const did: string[] = []
  const voice = new Voice(
    (one) => said.push(one),
    (_, text) => log.push(text),
    2,
    {},
  )
  const mending: Mending = {
    goOn: async () => {
      did.push('go on')
      return 'check'
    },
    abandon: async () => {
      did.push('abandon')
    },
    conclude: (how) => ({ text: how, detail: { repair: how } }),
    ...more,
  }
  const begin = () => {
    did.push('begin')
    return begins ? mending : undefined
  }
  const repairing = new Repairing({ begin, longestMs: 5000, clock, voice })
  return { repairing, clock, said, log, did, voice }
}

t.test(
  'a repair is begun once, goes on after each check, and what it came to is said',
  async (t) => {
    const { repairing, said, did } = scene()
    t.equal(repairing.isPossible, true)
    t.equal(repairing.isBusy, false)
    const next = repairing.goOn()
    t.equal(repairing.isBusy, true)
    t.equal(await next, 'check')
    repairing.rest()
    t.equal(repairing.isBusy, false)
    t.equal(await repairing.goOn(), 'check')
    t.strictSame(did, ['begin', 'go on', 'go on'])
    repairing.conclude('mended', opening)
    t.match(said, [{ id: 106, text: 'mended', detail: { repair: 'mended' } }])
    repairing.conclude('mended', opening)
    t.equal(said.length, 1, 'once')
    await repairing.goOn()
    t.strictSame(did, ['begin', 'go on', 'go on', 'begin', 'go on'])
  },
)

t.test('where there is nothing to be repaired the server is given up', async (t) => {
  const { repairing } = scene({}, false)
  t.equal(await repairing.goOn(), 'give-up')
  const { clock, voice } = scene()
  const none = new Repairing({ begin: undefined, longestMs: 0, clock, voice })
  t.equal(none.isPossible, false)
  t.equal(await none.goOn(), 'give-up')
  none.breakOff()
  t.equal(none.leaving, undefined)
})

t.test('one that does not come back in its time is given up, and left', async (t) => {
  const { repairing, clock, log, did } = scene({ goOn: async () => new Promise(() => undefined) })
  let next: string | undefined
  void repairing.goOn().then((what) => {
    next = what
  })
  await clock.advance(14_999)
  t.equal(next, undefined)
  await clock.advance(1)
  t.equal(next, 'give-up')
  t.strictSame(did, ['begin', 'abandon'])
  t.match(log, [/did not come back in its time/])
})

t.test('one that is broken off can be waited for', async (t) => {
  let go = (): void => undefined
  const { repairing } = scene({
    abandon: async () =>
      new Promise((resolve) => {
        go = resolve
      }),
  })
  repairing.breakOff()
  t.equal(repairing.leaving, undefined, 'where there is one')
  await repairing.goOn()
  repairing.breakOff()
  t.equal(repairing.isBusy, false)
  let isGone = false
  void repairing.leaving?.then(() => {
    isGone = true
  })
  await settle()
  t.equal(isGone, false)
  go()
  await settle()
  t.equal(isGone, true)
  t.equal(repairing.leaving, undefined)
})

t.test('a bug in a repair ends that repair and nothing else', async (t) => {
  const bug = () => {
    throw new Error('a bug')
  }
  const { repairing, log, said } = scene({
    goOn: async () => bug(),
    abandon: async () => bug(),
    conclude: bug,
  })
  t.equal(await repairing.goOn(), 'give-up')
  repairing.breakOff()
  await repairing.leaving
  repairing.conclude('not-mended', opening)
  t.match(log, [/bug in a repair, which ends/, /that was broken off/, /which is over/])
  t.strictSame(said, [])
})
