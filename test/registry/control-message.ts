import t from 'tap'
import {
  controlActions,
  decodeAnswer,
  decodeRequest,
  encodeLine,
  longestLine,
} from '../../src/registry/control-message.ts'

t.test('messages are read as they were written, each in a line', (t) => {
  for (const action of controlActions) {
    const request = { command: 'clp_sambamon', action }
    t.same(decodeRequest(encodeLine(request)), request)
    t.match(encodeLine(request), /^[^\n]+\n$/)
    t.ok(encodeLine(request).length < longestLine)
  }
  const answer = { ok: true, state: 'paused', text: 'a\nb' }
  t.same(decodeAnswer(encodeLine(answer)), answer)
  t.match(encodeLine(answer), /^[^\n]+\n$/)
  t.end()
})

t.test('a time goes along with a request, and one that makes no sense makes it none', async (t) => {
  const request = { command: 'c', action: 'drill-fault', seconds: 7 } as const
  t.same(decodeRequest(encodeLine(request)), request)
  for (const seconds of ['7', 0, -1, null, 1e9]) {
    const line = JSON.stringify({ ...request, seconds })
    t.equal(decodeRequest(line), undefined, line)
  }
})

t.test('what is not a message is none', (t) => {
  const garbage = ['', 'x', 'null', '1', '[]', '{}', '{"command":1,"action":"stop"}']
  for (const line of [...garbage, '{"command":"c"}', '{"command":"c","action":"explode"}']) {
    t.equal(decodeRequest(line), undefined, line)
  }
  for (const line of [
    ...garbage,
    '{"ok":1,"state":"x","text":"y"}',
    '{"ok":true,"state":1,"text":"y"}',
    '{"ok":true,"state":"x","text":1}',
    '{"ok":true}',
  ]) {
    t.equal(decodeAnswer(line), undefined, line)
  }
  t.end()
})

t.test('a pause may say how long it is to last, and nothing that is no such length', (t) => {
  const request = { command: 'clp_sambamon', action: 'pause', seconds: 600 } as const
  t.same(decodeRequest(encodeLine(request)), request)
  for (const seconds of [0, -1, '600', null, 604_801]) {
    t.equal(decodeRequest(JSON.stringify({ ...request, seconds })), undefined, String(seconds))
  }
  t.end()
})

t.test('an answer may say when the pause ends', (t) => {
  const pauseEnd = { until: 'x', untilUptimeMs: 1, extensionsLeft: 2 }
  const answer = { ok: true, state: 'paused', text: '', pauseEnd }
  t.same(decodeAnswer(encodeLine(answer)), answer)
  const refusals = [{ why: 'pause-put-off', values: { times: 1 } }]
  t.strictSame(decodeAnswer(encodeLine({ ...answer, refusals })), { ...answer, refusals })
  t.notOk('refusals' in (decodeAnswer(JSON.stringify({ ...answer, refusals: ['no'] })) ?? {}))
  t.notOk('pauseEnd' in (decodeAnswer(JSON.stringify({ ...answer, pauseEnd: 'soon' })) ?? {}))
  t.end()
})
