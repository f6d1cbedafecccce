import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { lookAtLeftovers } from '../../src/doctor/leftovers-step.ts'
import { encodeRecord } from '../../src/registry/record.ts'
import { Registry } from '../../src/registry/registry.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'

const hourMs = 3_600_000
const later = () => new Date(Date.now() + hourMs)
const { ended: _, ...running } = sampleRecord()

t.test('a directory that is missing or clean has no leftovers', async (t) => {
  const directory = join(t.testdir(), 'run')
  t.match(await lookAtLeftovers(directory, new Registry(directory), later()), [{ what: 'clean' }])
})

t.test('what is left of the dead is found and removed; nothing of the living is', async (t) => {
  // The path of a socket must be short.
  const directory = mkdtempSync(join(tmpdir(), 'left-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const files = {
    'live.json': encodeRecord({ ...running, id: 'live' }),
    'live.sock': '',
    'ended.json': encodeRecord(sampleRecord({ id: 'ended' })),
    'dead.json': encodeRecord({ ...running, id: 'dead', process: nobody }),
    'damaged.json': 'no record',
    'orphan.sock': '',
    '.x.1.tmp': '',
    'note.txt': 'not ours',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  mkdirSync(join(directory, '.x.lock'))
  const server = createServer()
  server.listen(join(directory, 'heard.sock'))
  await once(server, 'listening')
  t.teardown(() => server.close())
  const registry = new Registry(directory)
  const found = await lookAtLeftovers(directory, registry, later())
  t.strictSame(
    found.map(({ what, grade }) => [what, grade]),
    ['damaged', 'record', 'temporary', 'lock', 'socket'].map((what) => [what, 'warning']),
  )
  t.match(found[1]?.values, { id: 'dead', command: 'clp_sambamon', pid: nobody.pid })
  for (const { mend } of found) await mend?.()
  t.match(await lookAtLeftovers(directory, registry, later()), [{ what: 'clean' }])
  t.strictSame(readdirSync(directory).toSorted(), [
    'ended.json',
    'heard.sock',
    'live.json',
    'live.sock',
    'note.txt',
  ])
})

t.test('what may still be of this moment is left alone', async (t) => {
  const directory = t.testdir({ '.x.1.tmp': '', 'orphan.sock': '' })
  mkdirSync(join(directory, '.x.lock'))
  const registry = new Registry(directory)
  t.match(await lookAtLeftovers(directory, registry, new Date()), [{ what: 'clean' }])
  const file = join(directory, '.x.1.tmp')
  utimesSync(file, 1, 1)
  t.match(await lookAtLeftovers(directory, registry, new Date()), [{ what: 'clean' }])
})

t.test('a record under a name that no identifier has is told, and left to people', async (t) => {
  const directory = t.testdir()
  writeFileSync(join(directory, 'not-an-id.json'), '{}')
  const [finding] = await lookAtLeftovers(directory, new Registry(directory), later())
  t.match(finding, { what: 'damaged' })
  t.equal(finding?.mend, undefined)
})
