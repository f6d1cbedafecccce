import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { decodeJournal, Journal, type JournalEntry } from '../../src/repair/journal.ts'
import { FakeClock } from '../helpers/fake-clock.ts'

const limits = { perHour: 2, perDay: 3 }
const what = { step: 'restart', cause: 'any', watch: 'w1' }
const hour = 3_600_000

async function begun(journal: Journal, clock: FakeClock, step = 'restart'): Promise<JournalEntry> {
  const entry = await journal.begin({ ...what, step })
  const ended = { ...entry, end: { how: 'done' as const, why: 'exit 0', ms: 5 } }
  await journal.amend(ended)
  await clock.advance(1)
  return ended
}

t.test('a step stands on the disk before it begins, and its end after it', async (t) => {
  const directory = join(t.testdir(), 'repair')
  const clock = new FakeClock()
  const journal = new Journal(directory, clock)
  t.same(await journal.read(), [])
  const entry = await journal.begin(what)
  const another = new Journal(directory, clock)
  t.match(await another.read(), [what])
  t.equal((await another.read())[0]?.end, undefined)
  await journal.amend({ ...entry, end: { how: 'failed', why: 'exit 1', ms: 5 }, mended: false })
  t.match(await another.read(), [{ ...what, end: { why: 'exit 1' }, mended: false }])
  t.same(readdirSync(directory), ['journal.json'], 'nothing is left beside it')
  t.equal(statSync(join(directory, 'journal.json')).mode & 0o777, 0o600)
})

t.test(
  'limits count what every monitor of the host has begun, by the hour and by the day',
  async (t) => {
    const directory = join(t.testdir(), 'repair')
    const clock = new FakeClock()
    const journal = new Journal(directory, clock)
    const forbids = async (step = 'restart') =>
      new Journal(directory, clock).forbids(step, await journal.read(), limits)
    await begun(journal, clock)
    t.equal(await forbids(), undefined)
    await begun(journal, clock, 'another')
    t.same(await forbids('third'), { why: 'per-hour', limit: 2 })
    await clock.advance(hour)
    t.equal(await forbids(), undefined)
    await begun(journal, clock)
    t.same(await forbids(), { why: 'per-day', limit: 3 })
    await clock.advance(24 * hour)
    t.equal(await forbids(), undefined)
    t.same(await journal.read(), [], 'older ones are forgotten')
  },
)

t.test('a step whose end nobody knows is not begun again within the hour', async (t) => {
  const clock = new FakeClock()
  const journal = new Journal(join(t.testdir(), 'repair'), clock)
  const { at } = await journal.begin(what)
  const forbids = async (step: string) => journal.forbids(step, await journal.read(), limits)
  t.same(await forbids('restart'), { why: 'broken-off', at })
  t.equal(await forbids('another'), undefined)
  await clock.advance(hour)
  t.equal(await forbids('restart'), undefined)
})

t.test(
  'setting the clock changes nothing; another start of the machine does not forget',
  async (t) => {
    const directory = join(t.testdir(), 'repair')
    const clock = new FakeClock()
    const journal = new Journal(directory, clock)
    await begun(journal, clock)
    clock.setDate(clock.date().getTime() + 48 * hour)
    t.equal((await journal.read()).length, 1)
    const [entry] = await journal.read()
    if (entry === undefined) throw new Error('gone')
    const earlier = { ...entry, bootId: 'of another start' }
    t.equal(
      journal.ageMs({ ...earlier, at: new Date(clock.date().getTime() - hour).toISOString() }),
      hour,
    )
    t.equal(
      journal.ageMs({ ...earlier, at: new Date(clock.date().getTime() + hour).toISOString() }),
      0,
    )
    t.equal(journal.ageMs({ ...earlier, at: 'no time' }), 0)
  },
)

t.test('with a journal that is none, nothing may be begun', async (t) => {
  const directory = join(t.testdir({ repair: {} }), 'repair')
  const journal = new Journal(directory, new FakeClock())
  const file = join(directory, 'journal.json')
  for (const text of ['', '[]', '{"version":2,"entries":[]}', '{"version":1,"entries":[{}]}']) {
    writeFileSync(file, text)
    await t.rejects(journal.read(), /is damaged; remove it/)
    await t.rejects(journal.begin(what), /is damaged/)
    t.equal(readFileSync(file, 'utf8'), text, 'and it is left as it is')
  }
  writeFileSync(file, 'x'.repeat(1024 * 1024 + 1))
  await t.rejects(journal.read(), /is damaged/)
  const elsewhere = new Journal(join(t.testdir({ file: '' }), 'file'), new FakeClock())
  await t.rejects(elsewhere.read(), { code: 'ENOTDIR' })
})

t.test('every field of an entry is looked at', async (t) => {
  const clock = new FakeClock()
  const journal = new Journal(join(t.testdir(), 'repair'), clock)
  const entry = await begun(journal, clock)
  const decoded = (value: object) =>
    decodeJournal(JSON.stringify({ version: 1, entries: [value] })) !== undefined
  t.ok(decoded({ ...entry, mended: true }))
  for (const name of [
    'key',
    'step',
    'cause',
    'watch',
    'at',
    'bootId',
    'uptimeMs',
    'end',
    'mended',
  ]) {
    t.notOk(decoded({ ...entry, [name]: [] }), name)
  }
  for (const name of ['how', 'why', 'ms']) {
    t.notOk(decoded({ ...entry, end: { ...entry.end, [name]: null } }), name)
  }
})
