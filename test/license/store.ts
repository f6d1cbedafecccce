import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changeStore, readStore, storeFile } from '../../src/license/store.ts'

const uid = process.getuid?.() ?? 0

function registration(serial: string) {
  return { product: 'FSMON20', serial, key: 'key', machine: 'machine', registered: 'now' }
}

async function add(lib: string, serial: string) {
  return changeStore(lib, uid, (all) => [...all, registration(serial)])
}

t.test('a store that is not there holds no license', async (t) => {
  t.strictSame(readStore(join(t.testdir(), 'none/lib')), { registrations: [] })
})

t.test('what is registered can be read again, by its owner alone', async (t) => {
  const lib = join(t.testdir(), 'var/lib/clp-fsmon')
  t.strictSame(await add(lib, 'AA000001'), { setAside: undefined })
  await add(lib, 'AA000002')
  t.strictSame(readStore(lib), {
    registrations: [registration('AA000001'), registration('AA000002')],
  })
  t.equal(statSync(storeFile(lib)).mode & 0o777, 0o600)
  t.equal(statSync(lib).mode & 0o777, 0o700)
  t.strictSame(readdirSync(lib), ['license.json'], 'nothing is left behind')
})

t.test('a store that others could read is closed by the next change', async (t) => {
  const lib = join(t.testdir(), 'lib')
  await add(lib, 'AA000001')
  chmodSync(storeFile(lib), 0o644)
  await add(lib, 'AA000002')
  t.equal(statSync(storeFile(lib)).mode & 0o777, 0o600)
})

t.test('of changes at the same time none is lost', async (t) => {
  const lib = join(t.testdir(), 'lib')
  const serials = Array.from({ length: 12 }, (_, at) => `AA${String(at).padStart(6, '0')}`)
  await Promise.all(serials.map(async (serial) => add(lib, serial)))
  const state = readStore(lib)
  const held = 'registrations' in state ? state.registrations.map(({ serial }) => serial) : []
  t.strictSame(held.toSorted(), serials)
})

t.test(
  'cut off at any byte it is read whole or known to be damaged, and can be replaced',
  async (t) => {
    const lib = join(t.testdir(), 'lib')
    await add(lib, 'AA000001')
    const whole = readFileSync(storeFile(lib), 'utf8')
    for (let length = whole.length - 1; length >= 0; length--) {
      truncateSync(storeFile(lib), length)
      const state = readStore(lib)
      if (length === whole.length - 1) t.match(state, { registrations: [{ serial: 'AA000001' }] })
      else t.strictSame(state, { trouble: 'damaged' }, `${length} bytes`)
    }
    t.strictSame(await add(lib, 'AA000002'), { setAside: `${storeFile(lib)}.unreadable` })
    t.strictSame(readStore(lib), { registrations: [registration('AA000002')] })
    t.equal(readFileSync(`${storeFile(lib)}.unreadable`, 'utf8'), '', 'what was there is kept')
  },
)

t.test('a link in its place is neither read nor written through', async (t) => {
  const directory = t.testdir({ other: 'kept', lib: {} })
  const lib = join(directory, 'lib')
  symlinkSync(join(directory, 'other'), storeFile(lib))
  t.strictSame(readStore(lib), { trouble: 'link' })
  await add(lib, 'AA000001')
  t.match(readStore(lib), { registrations: [{ serial: 'AA000001' }] })
  t.equal(readFileSync(join(directory, 'other'), 'utf8'), 'kept')
})

t.test('a directory in its place is put aside', async (t) => {
  const lib = t.testdir({ 'license.json': { inside: '' } })
  t.strictSame(readStore(lib), { trouble: 'not-a-file' })
  await add(lib, 'AA000001')
  t.ok(existsSync(join(lib, 'license.json.unreadable/inside')))
})

t.test('what was put aside before stays, and is in nobody’s way', async (t) => {
  const lib = t.testdir({ 'license.json': { inside: '' }, 'license.json.unreadable': 'older' })
  await add(lib, 'AA000001')
  t.match(readStore(lib), { registrations: [{ serial: 'AA000001' }] })
  t.equal(readFileSync(join(lib, 'license.json.unreadable'), 'utf8'), 'older')
  t.ok(existsSync(join(lib, 'license.json.unreadable.2/inside')))
})

t.test('a directory that others can write is not trusted with a license', async (t) => {
  const lib = join(t.testdir({ lib: {} }), 'lib')
  chmodSync(lib, 0o770)
  await t.rejects(add(lib, 'AA000001'), { name: 'StoreError', kind: 'unsafe', path: lib })
  chmodSync(lib, 0o700)
  if (uid === 0) {
    chownSync(lib, 12345, 12345)
    await t.rejects(add(lib, 'AA000001'), { name: 'StoreError', kind: 'unsafe' })
    chownSync(lib, 0, 0)
  }
  await add(lib, 'AA000001')
})

t.test('a change that fails leaves all as it was', async (t) => {
  const lib = join(t.testdir({ file: '', lib: {} }), 'lib')
  await add(lib, 'AA000001')
  await t.rejects(
    changeStore(lib, uid, () => {
      throw new Error('of the change')
    }),
    { message: 'of the change' },
  )
  t.strictSame(readStore(lib), { registrations: [registration('AA000001')] })
  t.strictSame(readdirSync(lib), ['license.json'])
  await t.rejects(add(join(lib, 'license.json/below'), 'AA000002'), {
    name: 'StoreError',
    kind: 'directory',
  })
})

t.test('when the new store cannot be put in its place, that is said', async (t) => {
  const lib = join(t.testdir(), 'lib')
  const away = `${lib}-away`
  const late = changeStore(lib, uid, (all) => {
    renameSync(lib, away)
    return all
  })
  await t.rejects(late, { name: 'StoreError', kind: 'write' })
  t.notOk(
    readdirSync(away).some(
      (name) => name.startsWith('license.json.') && name !== 'license.json.lock',
    ),
  )
})

t.test('a change made by somebody who stood still for too long is not written', async (t) => {
  const lib = join(t.testdir(), 'lib')
  const late = changeStore(lib, uid, (all) => {
    rmdirSync(`${storeFile(lib)}.lock`)
    return [...all, registration('AA000001')]
  })
  await t.rejects(late, { name: 'StoreError', kind: 'locked' })
  t.strictSame(readStore(lib), { registrations: [] })
})
