import t from 'tap'
import { issueKey, readKey, type Terms } from '../../src/license/key.ts'

// Made with Python's hmac and integers, from the layout in docs/license.md.
const community = Buffer.from('clp-fsmon community license')
const issuer = Buffer.from('a secret of an issuer')
const productHolder = { product: 'FSMON20', serial: 'AB123456' }
const trialHolder = { product: 'FSMON20', serial: 'XX000000' }
const trialTerms: Terms = { division: 'trial', from: 9466, until: 9497 }
const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt'
const trialKey = '07RE5tCr-90Z8kECW-KEAHBmTk-YDpPPbrs'
const issuerKey = '07RE5tCt-e9hDHgSK-t0oc6K53-e5GcRHt9'
const newerKey = '0ehQspCV-t9BWTzbf-A1BYJVDi-9sRGFrCH'

t.test('keys are those of the layout', async (t) => {
  const unlimited: Terms = { division: 'product', from: 0, until: 0 }
  t.equal(issueKey(unlimited, productHolder, community), productKey)
  t.equal(issueKey(trialTerms, trialHolder, community), trialKey)
  t.equal(issueKey(trialTerms, trialHolder, issuer), issuerKey)
  t.strictSame(readKey(productKey, productHolder, [community]), { terms: unlimited })
  t.strictSame(readKey(trialKey, trialHolder, [community]), { terms: trialTerms })
  t.strictSame(readKey(issuerKey, trialHolder, [community, issuer]), { terms: trialTerms })
})

t.test('a key may be typed without its dashes', async (t) => {
  t.strictSame(readKey(trialKey.replaceAll('-', ''), trialHolder, [community]), {
    terms: trialTerms,
  })
})

t.test('a key of the wrong length says where', async (t) => {
  const rows: [key: string, problem: object][] = [
    ['', { part: 'length', symbols: 0 }],
    [productKey.slice(0, -1), { part: 'group', group: 4, symbols: 7 }],
    [`${productKey}1`, { part: 'group', group: 4, symbols: 9 }],
    [productKey.replace('xcP-p', 'xcPp-'), { part: 'group', group: 1, symbols: 9 }],
    [productKey.slice(0, 26), { part: 'length', symbols: 24 }],
    [`${productKey}-12345678`, { part: 'length', symbols: 40 }],
    ['---', { part: 'group', group: 1, symbols: 0 }],
  ]
  for (const [key, problem] of rows) {
    t.strictSame(readKey(key, productHolder, [community]), { problem }, key)
  }
})

t.test('a character that keys never have is named with its place', async (t) => {
  const rows: [at: number, character: string, group: number, place: number][] = [
    [0, 'I', 1, 1],
    [7, 'O', 1, 8],
    [9, ' ', 2, 1],
    [34, '_', 4, 8],
    [18, 'é', 3, 1],
    [20, '😀', 3, 3],
  ]
  for (const [at, character, group, place] of rows) {
    const key = `${productKey.slice(0, at)}${character}${productKey.slice(at + 1)}`
    const problem = { part: 'character', character, group, place }
    t.strictSame(readKey(key, productHolder, [community]), { problem }, key)
  }
})

t.test('any single wrong symbol is noticed', async (t) => {
  for (let at = 0; at < productKey.length; at++) {
    if (productKey[at] === '-') continue
    const other = productKey[at] === '7' ? '8' : '7'
    const key = `${productKey.slice(0, at)}${other}${productKey.slice(at + 1)}`
    t.strictSame(readKey(key, productHolder, [community]), { problem: { part: 'checksum' } }, key)
  }
})

t.test('a key is good for its serial, its product and its issuer alone', async (t) => {
  const checksum = { problem: { part: 'checksum' } }
  const otherSerial = { ...productHolder, serial: 'AB123457' }
  const otherProduct = { ...productHolder, product: 'FSMON21' }
  t.strictSame(readKey(productKey, otherSerial, [community]), checksum)
  t.strictSame(readKey(productKey, otherProduct, [community]), checksum)
  t.strictSame(readKey(productKey, productHolder, [issuer]), checksum)
  t.strictSame(readKey(productKey, productHolder, []), checksum)
  t.strictSame(readKey('ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ-ZZZZZZZZ', productHolder, [community]), checksum)
})

t.test('a key of a later layout is told from a wrong one', async (t) => {
  t.strictSame(readKey(newerKey, productHolder, [community]), { problem: { part: 'version' } })
})
