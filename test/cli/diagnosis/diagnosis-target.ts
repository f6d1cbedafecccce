import t from 'tap'
import { ParameterError } from '../../../src/cli/parameter-error.ts'
import { diagnosisTarget, hasSamba } from '../../../src/cli/diagnosis/diagnosis-target.ts'

t.test('what is typed names a server', async (t) => {
  t.strictSame(diagnosisTarget({ a: '192.0.2.1', s: 'pub' }, false), {
    kind: 'samba',
    address: '192.0.2.1',
    port: 445,
    portmapper: 'unused',
    resource: 'pub',
  })
  t.match(diagnosisTarget({ a: 'x', d: '/data', portmapper: 'needed' }, true), {
    kind: 'nfs',
    port: 2049,
    portmapper: 'needed',
    resource: '/data',
  })
  const known = { a: 'x', d: '/d', port: '99', portmapper: 'unused', failure: 'timeout' }
  t.match(diagnosisTarget({ ...known, wasHere: true }, true), {
    port: 99,
    portmapper: 'unused',
    failure: 'timeout',
    wasHere: true,
  })
})

t.test('without a share or a directory it is Samba where that is', async (t) => {
  t.match(diagnosisTarget({ a: 'x' }, true), { kind: 'samba' })
  t.match(diagnosisTarget({ a: 'x' }, false), { kind: 'nfs', portmapper: 'perhaps' })
  t.ok(hasSamba(t.testdir({ etc: { samba: { 'smb.conf': '' } } })))
  t.notOk(hasSamba(t.testdir({})))
})

t.test('what does not go together is refused', async (t) => {
  t.equal(diagnosisTarget({ s: 'pub' }, true), undefined)
  const wrong = [
    { a: 'x', s: 'pub', d: '/d' },
    { a: '' },
    { a: 'x', s: '' },
    { a: 'x', s: 'p', port: '0' },
    { a: 'x', s: 'p', port: 'smb' },
  ]
  for (const given of wrong) t.throws(() => diagnosisTarget(given, true), ParameterError)
})
