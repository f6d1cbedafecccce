import t from 'tap'
import { decodeStoredList, encodeStoredList } from '../../src/inventory/stored-list.ts'

const list = {
  at: '2026-01-01T00:00:00.000Z',
  askedAs: 'anonymous',
  items: [
    { name: '共有', properties: { type: 'disk', comment: '"' } },
    { name: 'IPC$', properties: {}, isSpecial: true as const },
  ],
}

t.test('a list is read as it was written', async (t) => {
  t.strictSame(decodeStoredList(encodeStoredList(list)), list)
})

t.test('anything else is none', async (t) => {
  const whole = encodeStoredList(list)
  for (let length = 0; length < whole.length - 1; length++) {
    t.equal(decodeStoredList(whole.slice(0, length)), undefined)
  }
  const odd: unknown[] = [
    null,
    [],
    { version: 2, ...list },
    { version: 1, ...list, at: 1 },
    { version: 1, ...list, askedAs: null },
    { version: 1, ...list, items: {} },
    { version: 1, ...list, items: [1] },
    { version: 1, ...list, items: [{ name: 1, properties: {} }] },
    { version: 1, ...list, items: [{ name: 'a', properties: { type: 1 } }] },
    { version: 1, ...list, items: [{ name: 'a', properties: [] }] },
    { version: 1, ...list, items: [{ name: 'a', properties: {}, isSpecial: 1 }] },
  ]
  for (const value of odd) t.equal(decodeStoredList(JSON.stringify(value)), undefined)
})
