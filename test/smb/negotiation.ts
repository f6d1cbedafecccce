import t from 'tap'
import { Caller } from '../../src/smb/caller.ts'
import { Offer, validateNegotiation } from '../../src/smb/negotiation.ts'
import { StatusError } from '../../src/smb/status-error.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { connectSmb, logInTo } from '../helpers/smb-client.ts'

const caller = new Caller('fs', 'HOST')

t.test('offers all that it can, as a new client every time', async (t) => {
  const offer = new Offer(caller)
  const requests: Buffer[] = []
  for (let i = 0; i < 2; i++) {
    const { server, connection } = await connectSmb(t)
    await offer.negotiate(connection)
    requests.push(server.seen[0]?.message ?? Buffer.alloc(0))
  }
  const [first, second] = requests as [Buffer, Buffer]
  t.equal(first.readUInt16LE(64 + 4), 3, 'signing enabled and required')
  t.equal(first.readUInt32LE(64 + 8), 0x40, 'encryption')
  t.notSame(first.subarray(76, 92), second.subarray(76, 92), 'another client')
  const salt = first.readUInt32LE(64 + 28) + 8 + 6
  t.notSame(first.subarray(salt, salt + 32), second.subarray(salt, salt + 32), 'another salt')
  t.same(first.subarray(salt + 32), second.subarray(salt + 32))
  t.ok(first.includes(Buffer.from('fs', 'utf16le')))
})

t.test('settles what the dialect implies and what the server chose', async (t) => {
  const cases = [
    [{ dialect: 0x0202 }, { dialect: 0x0202, signing: 0, cipher: undefined }],
    [{ dialect: 0x0210 }, { dialect: 0x0210, signing: 0, cipher: undefined }],
    [{ dialect: 0x0300 }, { dialect: 0x0300, signing: 1, cipher: 1 }],
    [
      { dialect: 0x0302, cipher: 0 },
      { dialect: 0x0302, signing: 1, cipher: undefined },
    ],
    [{ cipher: 4 }, { dialect: 0x0311, signing: 1, cipher: 4 }],
    [
      { cipher: 0, signing: 2 },
      { dialect: 0x0311, signing: 2, cipher: undefined },
    ],
  ] as const
  for (const [options, wanted] of cases) {
    const { connection } = await connectSmb(t, options)
    t.match(await new Offer(caller).negotiate(connection), wanted, JSON.stringify(options))
  }
})

t.test('keeps both messages as they were on the wire, for the keys', async (t) => {
  let answer: Buffer = Buffer.alloc(0)
  const alter = (_step: string, message: Buffer) => (answer = message)
  const { server, connection } = await connectSmb(t, { alter })
  const { messages } = await new Offer(caller).negotiate(connection)
  t.same(messages, [server.seen[0]?.message, answer])
})

t.test('validates the negotiation with a server that knows how', async (t) => {
  for (const dialect of [0x0202, 0x0210, 0x0300, 0x0302]) {
    const { server, connection, negotiated } = await logInTo(t, { dialect })
    await validateNegotiation(connection, negotiated, 0)
    const request = server.seen.at(-1)
    t.match(request, { command: 11, signatureIsRight: true })
    const said = server.seen[0]?.message.subarray(76, 92)
    t.same(request?.message.subarray(124, 140), said, 'the same client as before')
  }
})

t.test('finds out a negotiation that was changed on the way', async (t) => {
  const changes = { capabilities: 112, guid: 120, 'security mode': 132, dialect: 134 }
  for (const [what, offset] of Object.entries(changes)) {
    const alter = (step: string, message: Buffer) => {
      if (step === 'validate') message.writeUInt8(message.readUInt8(offset) ^ 0x80, offset)
      return message
    }
    const { connection, negotiated } = await logInTo(t, { dialect: 0x0302, alter })
    await t.rejects(validateNegotiation(connection, negotiated, 0), MalformedError, what)
  }
})

t.test('takes a signed word from servers that do not know it, and no other refusal', async (t) => {
  for (const status of [0xc0000128, 0xc0000010, 0xc00000bb]) {
    const { connection, negotiated } = await logInTo(t, {
      dialect: 0x0210,
      status: { validate: status },
    })
    await t.resolves(validateNegotiation(connection, negotiated, 0), status.toString(16))
  }
  const refused = await logInTo(t, { dialect: 0x0302, status: { validate: 0xc0000022 } })
  await t.rejects(validateNegotiation(refused.connection, refused.negotiated, 0), StatusError)
  const unsigned = await logInTo(t, {
    dialect: 0x0302,
    status: { validate: 0xc0000128 },
    unprotected: (step) => step === 'validate',
  })
  await t.rejects(validateNegotiation(unsigned.connection, unsigned.negotiated, 0), MalformedError)
})
