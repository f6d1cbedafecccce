import t from 'tap'
import { SmbPipe } from '../../src/smb/pipe.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { logInTo } from '../helpers/smb-client.ts'
import { type SmbServerOptions, treeId } from '../helpers/smb-server.ts'

const open = async (t: Parameters<typeof logInTo>[0], options: SmbServerOptions) => {
  const { server, connection } = await logInTo(t, options)
  return { server, pipe: await SmbPipe.open(connection, treeId, 'srvsvc') }
}

t.test('what is written is answered, and more of it can be read', async (t) => {
  const told: string[] = []
  const { server, pipe } = await open(t, {
    pipe: (message) => {
      told.push(message.toString())
      return [Buffer.from('one'), Buffer.from('two')]
    },
    // There is more of the message, says the status.
    status: { pipe: 0x80000005 },
  })
  t.ok(server.seen.at(-1)?.message.includes(Buffer.from('srvsvc', 'utf16le')))
  t.equal((await pipe.transact(Buffer.from('hello'))).toString(), 'one')
  t.equal((await pipe.read()).toString(), 'two')
  t.strictSame(told, ['hello'])
  await pipe.close()
  t.equal(server.seen.at(-1)?.command, 6)
})

t.test('a refusal is passed on, and more than was asked for refused', async (t) => {
  await t.rejects(open(t, { status: { create: 0xc0000022 } }), StatusError)
  const { pipe } = await open(t, { pipe: () => [Buffer.alloc(9000), Buffer.alloc(9000)] })
  await t.rejects(pipe.transact(Buffer.from('x')), MalformedError)
  await t.rejects(pipe.read(), MalformedError)
})
