import t from 'tap'
import { eventText, frame } from '../../src/serve/event-text.ts'
import { fakeWatch } from '../helpers/serve/fake-source.ts'

t.test('each event is a name and one line of data, whatever is in it', async (t) => {
  const text = frame('x', { message: 'a\nb\r\n\ndata: evil\n\n' }, 'id1')
  t.equal(text.split('\n').length, 5)
  t.match(text, /^event: x\nid: id1\ndata: \{.*\}\n\n$/)
})

t.test('every kind has its name', async (t) => {
  const host = { host: 'n1', reachable: true, since: 'x' }
  t.match(eventText({ kind: 'host', host }), /^event: host\ndata: \{"host":"n1"/)
  const watch = fakeWatch('w1')
  const changed = eventText({ kind: 'watch', host: 'n1', revision: 3, watch })
  t.match(changed, /^event: watch\ndata: \{"host":"n1","revision":3,"watch":\{"id":"w1"/)
  const gone = eventText({ kind: 'gone', host: 'n1', revision: 4, id: 'w1' })
  const reset = eventText({ kind: 'reset', host: 'n1', resume: 'r' })
  t.equal(reset, 'event: reset\nid: r\ndata: {"host":"n1"}\n\n')
  t.equal(gone, 'event: gone\ndata: {"host":"n1","revision":4,"id":"w1"}\n\n')
})
