import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { claimShared, releaseShared } from '../../src/license/shared-directory.ts'

const ours = {
  product: 'FSMON20',
  serial: 'AB123456',
  machine: '00112233445566778899aabbccddeeff',
  host: 'node1',
}
const theirs = { ...ours, machine: 'ffeeddccbbaa99887766554433221100', host: 'node2' }

t.test('claims are laid, seen by all, and taken back', async (t) => {
  const directory = join(t.testdir(), "it's a $HOME `id`")
  mkdirSync(directory)
  t.strictSame(await claimShared(directory, [ours], generous()), { claims: [ours] })
  t.strictSame(await claimShared(directory, [theirs], generous()), { claims: [ours, theirs] })
  t.strictSame(
    await claimShared(directory, [ours], generous()),
    { claims: [ours, theirs] },
    'again',
  )
  t.strictSame(await claimShared(directory, [], generous()), { claims: [ours, theirs] })
  t.strictSame(await releaseShared(directory, [ours], generous()), { claims: [theirs] })
  t.strictSame(await releaseShared(directory, [ours], generous()), { claims: [theirs] })
})

t.test('other files in it do no harm, and take none', async (t) => {
  const directory = t.testdir({ README: 'kept', '-rf': '' })
  const elsewhere = join(directory, 'elsewhere')
  const name = 'FSMON20.AB123456.00112233445566778899aabbccddeeff.node1'
  symlinkSync(elsewhere, join(directory, name))
  await claimShared(directory, [ours], generous())
  t.notOk(existsSync(elsewhere), 'a link is not followed')
  t.equal(readFileSync(join(directory, 'README'), 'utf8'), 'kept')
  t.ok(readdirSync(directory).includes('-rf'))
})

t.test('a directory that is not there is trouble with a reason', async (t) => {
  const directory = t.testdir({ file: '' })
  t.match(await claimShared(join(directory, 'none'), [ours], generous()), {
    trouble: 'failed',
    reason: /none/,
  })
  t.match(await claimShared(join(directory, 'file'), [ours], generous()), { trouble: 'failed' })
})

t.test('a claim that is there is not opened, whatever it is', async (t) => {
  const directory = t.testdir()
  // A shell that opened a pipe for writing would wait for its reader for ever.
  execFileSync('mkfifo', [
    join(directory, 'FSMON20.AB123456.00112233445566778899aabbccddeeff.node1'),
  ])
  t.strictSame(await claimShared(directory, [ours], generous()), { claims: [ours] })
})

t.test('a directory that does not answer in time holds nobody up', async (t) => {
  const over = new AbortController()
  const asked = claimShared(t.testdir(), [ours], over.signal)
  over.abort()
  t.match(await asked, { trouble: 'timeout' })
  t.match(await claimShared(t.testdir(), [ours], over.signal), { trouble: 'timeout' })
})

function generous(): AbortSignal {
  return AbortSignal.timeout(60_000)
}
