import t from 'tap'
import type { ExitPolicy } from '../../src/watch/exit-policy.ts'
import { Fleet, type FleetEnding } from '../../src/watch/fleet.ts'
import type { Turn } from '../../src/watch/lasting-watch.ts'
import type { Ending } from '../../src/watch/state.ts'
import { settle } from '../helpers/fake-clock.ts'

const stopped: Ending = { how: 'stopped', exitStatus: 0 }

/** A watch that comes to what a test says. */
class Scripted {
  readonly id: string
  readonly group: string
  stops: string[] = []
  #turn: Turn = () => false
  #end: (ending: Ending) => void = () => undefined

  constructor(name: string) {
    this.id = name
    this.group = name.charAt(0)
  }

  readonly run = async (turn: Turn): Promise<Ending> => {
    this.#turn = turn
    return new Promise((resolve) => {
      this.#end = resolve
    })
  }

  readonly stop = async (why: string): Promise<void> => {
    this.stops.push(why)
    this.#end(stopped)
  }

  /** Its server is lost; says whether it goes on. */
  lose(how: 'abnormal' | 'own-trouble' = 'abnormal'): boolean {
    const goesOn = this.#turn(how)
    if (!goesOn) this.#end({ how, exitStatus: how === 'abnormal' ? 1 : 5 })
    return goesOn
  }

  /** Its server is back. */
  recover(): void {
    this.#turn('well')
  }
}

function fleet(policy: ExitPolicy, ...names: string[]) {
  const all = new Fleet(policy)
  const watches = names.map((name) => new Scripted(name))
  for (const watch of watches) all.begin(watch)
  const seen: { ending?: FleetEnding } = {}
  void (async () => {
    seen.ending = await all.ended
  })()
  return { all, watches, seen }
}

t.test(
  'the first abnormal server ends the process, and the other watches are stopped',
  async (t) => {
    const { watches, seen } = fleet('any', 'a1', 'a2', 'b1')
    t.equal(watches[1]?.lose(), false)
    await settle()
    t.same(seen.ending, { exitStatus: 1, by: 'a2' })
    t.same(
      watches.map(({ stops }) => stops.length),
      [1, 1, 1],
    )
    t.match(watches[0]?.stops, ['the process ends with a2'])
  },
)

t.test('a watch that cannot judge ends the process with a status of its own', async (t) => {
  const { watches, seen } = fleet('any', 'a1', 'a2')
  watches[0]?.lose('own-trouble')
  await settle()
  t.same(seen.ending, { exitStatus: 5, by: 'a1' })
})

t.test('where all have to be abnormal, one that came back counts again', async (t) => {
  const { watches, seen } = fleet('all', 'a1', 'a2')
  t.equal(watches[0]?.lose(), true)
  watches[0]?.recover()
  t.equal(watches[1]?.lose(), true)
  await settle()
  t.equal(seen.ending, undefined)
  t.equal(watches[0]?.lose(), false)
  await settle()
  t.same(seen.ending, { exitStatus: 1, by: 'a1' })
})

t.test('a whole group that is abnormal ends the process, a part of each does not', async (t) => {
  const { watches, seen } = fleet('group', 'a1', 'a2', 'b1', 'b2')
  t.equal(watches[0]?.lose(), true)
  t.equal(watches[2]?.lose(), true)
  await settle()
  t.equal(seen.ending, undefined)
  watches[3]?.lose()
  await settle()
  t.same(seen.ending, { exitStatus: 1, by: 'b2' })
})

t.test(
  'watches that are stopped one by one leave the others alone, until none is left',
  async (t) => {
    const { all, watches, seen } = fleet('any', 'a1', 'a2')
    await watches[0]?.stop('-stop')
    await settle()
    t.equal(seen.ending, undefined)
    t.same(all.ids, ['a2'])
    const again = new Scripted('a1')
    all.begin(again)
    t.same(all.ids.toSorted(), ['a1', 'a2'])
    await watches[1]?.stop('-stop')
    await again.stop('-stop')
    await settle()
    t.same(seen.ending, { exitStatus: 0, by: 'a1' })
  },
)

t.test(
  'one that is removed has no say any more, and the process goes on without any',
  async (t) => {
    const { all, watches, seen } = fleet('any', 'a1')
    await all.remove('a1', 'reload')
    await all.remove('nobody', 'reload')
    await settle()
    t.same(watches[0]?.stops, ['reload'])
    t.equal(seen.ending, undefined)
    t.same(all.ids, [])
    all.stop('SIGTERM')
    await settle()
    t.same(seen.ending, { exitStatus: 0 })
  },
)

t.test(
  'a stop of all waits for each, and one that begins meanwhile is stopped as well',
  async (t) => {
    const { all, watches, seen } = fleet('any', 'a1', 'a2')
    const slow = new Scripted('a3')
    let letGo: () => void = () => undefined
    all.begin({
      id: slow.id,
      group: slow.group,
      run: slow.run,
      stop: async () =>
        new Promise<void>((resolve) => {
          letGo = () => {
            void slow.stop('late')
            resolve()
          }
        }),
    })
    all.stop('SIGTERM')
    all.stop('SIGTERM')
    const late = new Scripted('a4')
    all.begin(late)
    await settle()
    t.equal(seen.ending, undefined)
    t.same(watches[0]?.stops, ['SIGTERM'])
    t.same(late.stops, ['the process ends'])
    t.equal(watches[0]?.lose(), false)
    letGo()
    await settle()
    t.same(seen.ending, { exitStatus: 0 })
  },
)
