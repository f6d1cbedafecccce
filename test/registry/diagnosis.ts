import t from 'tap'
import { isDiagnosis, isSeenCause } from '../../src/registry/diagnosis.ts'

const cause = {
  key: 'disk-full',
  text: 'the file system /x is full',
  values: { mount: '/x', n: 1 },
}

t.test('a diagnosis has its form, or is none', async (t) => {
  t.ok(isSeenCause(cause))
  t.ok(isDiagnosis({ at: '2026-01-01T00:00:00Z', causes: [cause] }))
  t.ok(isDiagnosis({ at: '', causes: [] }))
  for (const wrong of [
    undefined,
    null,
    [],
    {},
    { at: 1, causes: [] },
    { at: '', causes: {} },
    { at: '', causes: [null] },
    { at: '', causes: [{ ...cause, key: 1 }] },
    { at: '', causes: [{ ...cause, text: undefined }] },
    { at: '', causes: [{ ...cause, values: null }] },
    { at: '', causes: [{ ...cause, values: { x: {} } }] },
  ]) {
    t.notOk(isDiagnosis(wrong), JSON.stringify(wrong))
  }
})
