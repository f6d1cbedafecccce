import { connect } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { AnsweringServer } from '../../../src/cli/precompile/answering-server.ts'
import { recordedAnswers } from '../../../src/cli/precompile/recorded-answers.ts'
import { sambaProbe } from '../../../src/probe/samba.ts'
import { Credentials } from '../../../src/smb/auth/credentials.ts'

t.test('check after check goes well, to its last step', async (t) => {
  const server = await AnsweringServer.open()
  t.teardown(() => {
    server.close()
  })
  const probe = sambaProbe({
    host: '127.0.0.1',
    port: server.port,
    share: 'share',
    depth: 'share',
    encrypt: false,
    credentials: Credentials.anonymous(),
  })
  for (let i = 0; i < 3; i += 1) {
    const outcome = await probe(AbortSignal.timeout(30_000))
    t.match(outcome, { kind: 'ok', stages: [{}, {}, {}, {}, {}] })
  }
})

t.test(
  'a message may come in pieces; after the last answer, and at its end, it hangs up',
  async (t) => {
    const server = await AnsweringServer.open()
    const socket = connect(server.port, '127.0.0.1')
    const other = connect(server.port, '127.0.0.1')
    await Promise.all([once(socket, 'connect'), once(other, 'connect')])
    let said = 0
    socket.on('data', ({ length }) => {
      said += length
    })
    const message = Buffer.from([0, 0, 0, 2, 1, 2])
    for (const byte of message) socket.write(Buffer.from([byte]))
    for (let i = 0; i < recordedAnswers.length; i += 1) socket.write(message)
    await once(socket, 'close')
    t.equal(
      said,
      recordedAnswers.reduce((sum, text) => sum + Buffer.from(text, 'base64').length, 0),
      'all that there is to be said',
    )
    server.close()
    await once(other, 'close')
  },
)
