import t from 'tap'
import { recordedAnswers } from '../../../src/cli/precompile/recorded-answers.ts'

t.test('each answer is one whole message of SMB 2, with its length in front', (t) => {
  const messages = recordedAnswers.map((text) => Buffer.from(text, 'base64'))
  for (const message of messages) {
    t.equal(message.readUInt32BE(0), message.length - 4)
    t.equal(message.toString('latin1', 4, 8), '\xfeSMB')
  }
  const numbers = messages.map((message) => message.readBigUInt64LE(4 + 24))
  t.strictSame(numbers, [0n, 1n, 2n, 3n, 4n, 5n], 'in the order in which a check asks')
  t.end()
})
