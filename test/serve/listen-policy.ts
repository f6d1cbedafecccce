import t from 'tap'
import { judgeListening } from '../../src/serve/listen-policy.ts'

const plain = { hasTls: false, hasToken: false, insecure: false, allowControl: false }

t.test('others are let in with TLS and a token only, or when that was said out loud', async (t) => {
  const open = { ...plain, host: '0.0.0.0' }
  t.equal(judgeListening({ ...plain, host: '127.0.0.1' }), 'fine')
  t.equal(judgeListening(open), 'refuse-open')
  t.equal(judgeListening({ ...open, hasTls: true }), 'refuse-open')
  t.equal(judgeListening({ ...open, hasToken: true }), 'refuse-open')
  t.equal(judgeListening({ ...open, hasTls: true, hasToken: true }), 'fine')
  t.equal(judgeListening({ ...open, insecure: true }), 'warn-open')
})

t.test('control needs a token even on this host', async (t) => {
  const wish = { ...plain, host: '127.0.0.1', allowControl: true }
  t.equal(judgeListening(wish), 'refuse-control')
  t.equal(judgeListening({ ...wish, insecure: true }), 'refuse-control')
  t.equal(judgeListening({ ...wish, hasToken: true }), 'fine')
})
