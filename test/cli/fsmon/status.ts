import t from 'tap'
import { showStatus } from '../../../src/cli/fsmon/status.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import type { Entry } from '../../../src/registry/registry.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { sampleRecord } from '../../helpers/record.ts'

const texts = await loadTexts('en')
const live: Entry = { kind: 'live', record: sampleRecord() }
const all = new Map<string, Entry>([
  ['sambawatch', live],
  ['broken', { kind: 'unreadable', reason: 'it is empty', isLive: false }],
  ['gone', { kind: 'none' }],
])

async function show(id: string | undefined, json: boolean, entries = all) {
  const io = fakeIo()
  const registry = {
    list: async () => entries,
    read: async (wanted: string): Promise<Entry> => entries.get(wanted) ?? { kind: 'none' },
  }
  const status = await showStatus({ id, json, directory: '/run/x', registry, texts, io })
  return { status, out: io.printed(), err: io.complained() }
}

t.test('all monitors are shown, or just the one that is asked for', async (t) => {
  t.match(await show(undefined, false), { status: 0, out: /sambawatch .*\nbroken: damaged/ })
  const one = await show('sambawatch', false)
  t.match(one, { status: 0, out: 'sambawatch' })
  t.notMatch(one.out, 'broken')
})

t.test('where there is none, that is said with the place that was looked at', async (t) => {
  t.match(await show(undefined, false, new Map()), {
    status: 0,
    out: 'No monitors are known here (/run/x).\n',
  })
  t.match(await show('nobody', false), { status: 3, out: '', err: /ID nobody is known/ })
})

t.test('for programs there is JSON with the whole record', async (t) => {
  const { out, status } = await show(undefined, true)
  t.equal(status, 0)
  t.match(JSON.parse(out), [
    { file: 'sambawatch', condition: 'live', record: { id: 'sambawatch', state: 'watching' } },
    { file: 'broken', condition: 'unreadable', reason: 'it is empty' },
    { file: 'gone', condition: 'none' },
  ])
})
