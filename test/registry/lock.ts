import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { withLock } from '../../src/registry/lock.ts'

const waitMs = 60_000

t.test('work under a lock is done by one at a time, and the lock is gone afterwards', async (t) => {
  const dir = t.testdir({ count: '0' })
  const path = `${dir}/.lock`
  const increment = async () =>
    withLock({ path, waitMs }, async (lock) => {
      const count = Number(readFileSync(`${dir}/count`, 'utf8'))
      await delay(1)
      t.equal(lock.isOurs(), true)
      writeFileSync(`${dir}/count`, String(count + 1))
    })
  await Promise.all(Array.from({ length: 20 }, increment))
  t.equal(readFileSync(`${dir}/count`, 'utf8'), '20')
  t.same(readdirSync(dir), ['count'])
})

t.test('what the work returns or throws is handed on', async (t) => {
  const path = `${t.testdir()}/.lock`
  t.equal(await withLock({ path, waitMs }, async () => 7), 7)
  const failing = withLock({ path, waitMs }, async () => {
    throw new Error('no')
  })
  await t.rejects(failing, { message: 'no' })
  t.equal(existsSync(path), false)
})

t.test(
  'a lock that a crash left behind is in the way for its stale time, whatever its date',
  async (t) => {
    const day = 86_400
    await Promise.all(
      [-day, 0, day].map(async (offset, index) => {
        const path = `${t.testdirName}-${index}.lock`
        mkdirSync(path, { recursive: true })
        const time = Date.now() / 1000 + offset
        utimesSync(path, time, time)
        const startedAt = performance.now()
        t.equal(await withLock({ path, waitMs }, async () => 'mine'), 'mine')
        t.ok(performance.now() - startedAt < 20_000)
        t.equal(existsSync(path), false)
      }),
    )
  },
)

t.test('what is no directory is no lock: it makes way after the stale time', async (t) => {
  const dir = t.testdir({ precious: 'precious' })
  const plants: Record<string, (path: string) => void> = {
    file: (path) => writeFileSync(path, ''),
    link: (path) => symlinkSync(`${dir}/precious`, path),
    dangling: (path) => symlinkSync(`${dir}/nothing`, path),
    'link to a directory': (path) => symlinkSync(dir, path),
  }
  await Promise.all(
    Object.entries(plants).flatMap(([name, plant]) =>
      [0, -86_400].map(async (offset) => {
        const path = `${dir}/${name}${offset}.lock`
        plant(path)
        const time = Date.now() / 1000 + offset
        lutimesSync(path, time, time)
        t.equal(await withLock({ path, waitMs }, async () => 'mine'), 'mine', name)
      }),
    ),
  )
  t.same(readdirSync(dir), ['precious'])
  t.equal(readFileSync(`${dir}/precious`, 'utf8'), 'precious')
})

t.test('a directory that cannot be is no lock to wait for', async (t) => {
  const dir = t.testdir({ file: '' })
  const path = `${dir}/file/.lock`
  await t.rejects(
    withLock({ path, waitMs }, async () => 7),
    { code: 'ENOTDIR' },
  )
})

t.test('a lock that is held is waited for, and no longer than said', async (t) => {
  const path = `${t.testdir()}/.lock`
  await withLock({ path, waitMs }, async () => {
    await t.rejects(
      withLock({ path, waitMs: 50 }, async () => t.fail('was let in')),
      { name: 'RegistryError', code: 'locked' },
    )
  })
})

t.test('work that has become needless is not waited for', async (t) => {
  const path = `${t.testdir()}/.lock`
  await withLock({ path, waitMs }, async () => {
    let turns = 0
    const isNeedless = async () => {
      turns += 1
      return turns === 3
    }
    const work = async () => t.fail('was done')
    t.equal(await withLock({ path, waitMs, isNeedless }, work), undefined)
    t.equal(turns, 3)
  })
})

t.test('a lock that is held for longer than its stale time stays held', async (t) => {
  const path = `${t.testdir()}/.lock`
  await withLock({ path, waitMs }, async (lock) => {
    await t.rejects(
      withLock({ path, waitMs: 3000 }, async () => t.fail('was let in')),
      { code: 'locked' },
    )
    t.equal(lock.isOurs(), true)
  })
})

t.test('a lock that is held stays held when the clock is set forward by hours', async (t) => {
  const path = `${t.testdir()}/.lock`
  await withLock({ path, waitMs }, async (lock) => {
    const earlier = Date.now() / 1000 - 10_000
    utimesSync(path, earlier, earlier)
    await t.rejects(
      withLock({ path, waitMs: 50 }, async () => t.fail('was let in')),
      { code: 'locked' },
    )
    t.equal(lock.isOurs(), true)
  })
})

t.test(
  'whoever lost the lock sees it, leaves it to its new holder, and nothing is thrown',
  async (t) => {
    const path = `${t.testdir()}/.lock`
    await withLock({ path, waitMs }, async (lock) => {
      rmdirSync(path)
      t.equal(lock.isOurs(), false)
      mkdirSync(path)
      t.equal(lock.isOurs(), false)
      // Noticed at the next renewal; that must not come out anywhere.
      await delay(1500)
    })
    t.equal(existsSync(path), true)
  },
)

t.test('a lock that is gone at the end is no matter', async (t) => {
  const path = `${t.testdir()}/.lock`
  await withLock({ path, waitMs }, async (lock) => {
    t.equal(lock.isOurs(), true)
    rmdirSync(path)
  })
  t.equal(existsSync(path), false)
})

t.test('a directory that is not there is an error at once', async (t) => {
  const path = `${t.testdir()}/missing/.lock`
  await t.rejects(
    withLock({ path, waitMs }, async () => 1),
    { code: 'ENOENT' },
  )
})
