import t from 'tap'
import { NfsPatience, pause } from '../../src/probe/nfs-patience.ts'
import { Nfs3Error } from '../../src/rpc/nfs3/nfs3-error.ts'
import { Nfs4Error } from '../../src/rpc/nfs4/nfs4-error.ts'

const forever = new AbortController().signal

t.test('a server that asks for patience is asked again, with pauses between', async (t) => {
  for (const plea of [
    new Nfs3Error(10_008),
    new Nfs4Error(10_008, 'LOOKUP'),
    new Nfs4Error(10_013, 'OPEN'),
  ]) {
    const patience = new NfsPatience(forever)
    let left = 2
    const began = performance.now()
    const result = await patience.ask(async () => {
      if (left-- > 0) throw plea
      return 'at last'
    })
    t.equal(result, 'at last')
    t.ok(performance.now() - began >= 145, 'after 50 and 100 ms')
    t.equal(patience.plea, undefined, 'and is forgiven')
  }
})

t.test('any other answer is final', async (t) => {
  const patience = new NfsPatience(forever)
  for (const error of [new Nfs3Error(70), new Nfs4Error(70, 'PUTFH'), new Error('a bug')]) {
    let calls = 0
    await t.rejects(
      patience.ask(async () => {
        calls++
        throw error
      }),
      error,
    )
    t.equal(calls, 1)
  }
})

t.test('a deadline that runs out meanwhile finds out what the server said', async (t) => {
  const controller = new AbortController()
  const patience = new NfsPatience(controller.signal)
  const asking = patience.ask(async () => {
    setImmediate(() => controller.abort(new Error('too late')))
    throw new Nfs4Error(10_013, 'OPEN')
  })
  await t.rejects(asking, { message: 'too late' })
  t.equal(patience.plea, 'nfs error(NFS4ERR_GRACE)')
})

t.test('a pause ends by itself, or with the signal', async (t) => {
  const began = performance.now()
  await pause(20, forever)
  t.ok(performance.now() - began >= 19)
  await t.rejects(pause(60_000, AbortSignal.abort(new Error('too late'))), { message: 'too late' })
})
