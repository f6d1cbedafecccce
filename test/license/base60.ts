import t from 'tap'
import { decodeBase60, encodeBase60, isBase60Symbol } from '../../src/license/base60.ts'

const vectors: [hex: string, text: string][] = [
  ['00', '0000'],
  ['01', '0001'],
  ['09', '0009'],
  ['0a', '000a'],
  ['23', '000z'],
  ['24', '000A'],
  ['2b', '000H'],
  ['2c', '000J'],
  ['30', '000N'],
  ['31', '000P'],
  ['3b', '000Z'],
  ['3c', '0010'],
  ['ffff', '0icf'],
]

t.test('bytes become digits, small letters, then capitals without I and O', async (t) => {
  for (const [hex, text] of vectors) {
    t.equal(encodeBase60(Buffer.from(hex, 'hex'), 4), text, hex)
    t.equal(decodeBase60(text, hex.length / 2)?.toString('hex'), hex, text)
  }
})

t.test('a number that needs more bytes than there may be is refused', async (t) => {
  t.equal(decodeBase60('0ZZ', 1), undefined)
  t.equal(decodeBase60('4f', 1)?.toString('hex'), 'ff')
  t.equal(decodeBase60('4g', 1), undefined)
})

t.test('sixty symbols are in use', async (t) => {
  const all = Array.from({ length: 128 }, (_, code) => String.fromCodePoint(code))
  t.equal(all.filter(isBase60Symbol).length, 60)
  for (const other of ['I', 'O', '-', ' ', '', '01', 'é', '😀']) t.notOk(isBase60Symbol(other))
})
