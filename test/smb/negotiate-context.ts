import t from 'tap'
import { decodeChosenContexts, offeredContexts } from '../../src/smb/negotiate-context.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { hex } from '../helpers/smb-codec.ts'

const integrity = { type: 1, data: hex('0100 0400 0100 01020304') }
const encryption = (cipher: string) => ({ type: 2, data: hex(`0100 ${cipher}`) })
const signing = (algorithm: string) => ({ type: 8, data: hex(`0100 ${algorithm}`) })

t.test(
  'offers the hash with a salt, four ciphers, three ways to sign, and the name of the server',
  (t) => {
    const offered = offeredContexts(Buffer.alloc(32, 0xee), 'fs')
    t.same(offered, [
      { type: 1, data: hex(`0100 2000 0100 ${'ee'.repeat(32)}`) },
      { type: 2, data: hex('0400 0200 0100 0400 0300') },
      { type: 5, data: hex('6600 7300') },
      { type: 8, data: hex('0300 0200 0100 0000') },
    ])
    t.end()
  },
)

const decode = (...more: { type: number; data: Buffer }[]) =>
  decodeChosenContexts([integrity, ...more])

t.test('decodes what a server chose', (t) => {
  t.same(decode(encryption('0200'), signing('0200')), { cipher: 2, signing: 2 })
  t.same(decode(encryption('0300')), { cipher: 3 })
  t.same(decode(encryption('0000')), {}, 'no cipher suits the server')
  t.same(decode(signing('0000')), { signing: 0 })
  t.same(decode(), {})
  t.same(decode({ type: 0x100, data: hex('00') }), {}, 'what it does not know it leaves alone')
  t.end()
})

t.test('refuses a choice that was not on offer, that is none, or that is several', (t) => {
  const cases = {
    'no hash': [encryption('0200')],
    'another hash': [{ type: 1, data: hex('0100 0400 0200 01020304') }],
    'two hashes': [{ type: 1, data: hex('0200 0400 0100 0200') }],
    'a hash that is cut off': [{ type: 1, data: hex('0100 0400 01') }],
    'another cipher': [integrity, encryption('0500')],
    'two ciphers': [integrity, { type: 2, data: hex('0200 0200 0100') }],
    'a cipher that is cut off': [integrity, encryption('02')],
    'another algorithm': [integrity, signing('0300')],
    'no algorithm': [integrity, { type: 8, data: hex('0000') }],
    'the same context twice': [integrity, encryption('0200'), encryption('0200')],
    'the hash twice': [integrity, integrity],
  }
  for (const [name, contexts] of Object.entries(cases)) {
    t.throws(() => decodeChosenContexts(contexts), MalformedError, name)
  }
  t.end()
})
