import t from 'tap'
import { decodeStore, encodeStore } from '../../src/license/store-text.ts'

const registrations = [
  {
    product: 'FSMON20',
    serial: 'AB123456',
    key: '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt',
    machine: '00112233445566778899aabbccddeeff',
    registered: '2025-12-01T00:00:00.000Z',
  },
  {
    product: 'FSMON20',
    serial: 'XX000000',
    key: '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs',
    machine: '00112233445566778899aabbccddeeff',
    registered: '2025-12-02T00:00:00.000Z',
  },
]

t.test('what was written is read again', async (t) => {
  t.strictSame(decodeStore(encodeStore(registrations)), registrations)
  t.strictSame(decodeStore(encodeStore([])), [])
})

t.test('a store cut off at any byte is damaged, or whole', async (t) => {
  const text = encodeStore(registrations)
  for (let length = 0; length < text.length; length++) {
    const read = decodeStore(text.slice(0, length))
    if (length === text.length - 1) t.strictSame(read, registrations, 'only the line end is gone')
    else t.equal(read, 'damaged', `${length} bytes`)
  }
})

t.test('no byte can change unnoticed', async (t) => {
  const text = encodeStore(registrations)
  for (let at = 0; at < text.length - 1; at++) {
    const bytes = Buffer.from(text)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const read = decodeStore(bytes.toString())
    t.ok(read === 'damaged' || read === 'newer', `byte ${at}`)
  }
})

t.test('texts of another shape are damaged, of a later format newer', async (t) => {
  const rows: [text: string, trouble: string][] = [
    ['', 'damaged'],
    ['null', 'damaged'],
    ['[]', 'damaged'],
    ['{"format":1}', 'damaged'],
    ['{"format":1,"licenses":[{}]}', 'damaged'],
    ['{"format":1,"licenses":[null]}', 'damaged'],
    ['{"format":0,"licenses":[]}', 'damaged'],
    ['{"format":2,"anything":true}', 'newer'],
  ]
  for (const [text, trouble] of rows) t.equal(decodeStore(text), trouble, text)
})
