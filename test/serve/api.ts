import t, { type Test } from 'tap'
import type { ControlReply } from '../../src/registry/control-client.ts'
import { bucketEdgesS } from '../../src/registry/tally.ts'
import { fakeSource, fakeWatch, say } from '../helpers/serve/fake-source.ts'
import { served } from '../helpers/serve/served.ts'

const token = 'a-token-of-20-letters'

async function start(t: Test) {
  const [own, peer] = [fakeSource('n1'), fakeSource('n2')]
  own.held = [fakeWatch('w1'), fakeWatch('w2', { state: 'failing', failures: 2 })]
  peer.held = [fakeWatch('w9')]
  for (let i = 0; i < 5; i += 1) say(own, `own ${i}`)
  say(peer, 'of the peer', { time: '2027-01-01T00:00:00.000Z' })
  return { own, peer, ...(await served(t, [own, peer])) }
}

t.test('the watches of every host are told, or only our own', async (t) => {
  const { ask, peer, hub } = await start(t)
  t.match((await ask('/api/v1/watches')).json(), {
    version: 1,
    host: 'n1',
    control: false,
    hosts: [
      { host: 'n1', reachable: true, watches: [{ id: 'w1', revision: 1 }, { id: 'w2' }] },
      { host: 'n2', reachable: true, watches: [{ id: 'w9' }] },
    ],
  })
  const own = (await ask('/api/v1/watches?scope=own')).json() as { hosts: unknown[] }
  t.equal(own.hosts.length, 1)
  peer.broken = 'gone'
  await hub.lookAtWatches('n2', AbortSignal.timeout(1000))
  t.match((await ask('/api/v1/watches')).json(), {
    hosts: [{}, { reachable: false, problem: 'gone', watches: [{ id: 'w9' }] }],
  })
})

t.test(
  'one watch is told with its last checks, from its own host where that can be asked',
  async (t) => {
    const { ask, peer } = await start(t)
    t.match((await ask('/api/v1/watches/w1')).json(), {
      host: 'n1',
      watch: { id: 'w1', state: 'watching' },
      checks: [{ verdict: 'ok', stages: [{ name: 'connect' }, {}, {}] }],
    })
    t.match((await ask('/api/v1/watches/w9?host=n2')).json(), { host: 'n2', watch: { id: 'w9' } })
    const fresher = fakeWatch('w9', { failures: 5 })
    peer.watch = async () => ({ watch: fresher, checks: [] })
    t.match((await ask('/api/v1/watches/w9?host=n2')).json(), {
      watch: { failures: 5 },
      checks: [],
    })
    peer.watch = async () => Promise.reject(new Error('gone'))
    t.match((await ask('/api/v1/watches/w9?host=n2')).json(), { watch: { failures: 0 } })
    for (const path of ['w3', 'w9', 'w1?host=n2', 'w1?host=n3', 'w9?host=n2&scope=own']) {
      t.match(await ask(`/api/v1/watches/${path}`), { status: 404 }, path)
    }
  },
)

t.test('alerts are told in pages, of all hosts or of one', async (t) => {
  const { ask } = await start(t)
  const page = (await ask('/api/v1/alerts?limit=2')).json() as { cursor: string; resume: string }
  t.match(page, {
    version: 1,
    alerts: [
      { host: 'n2', message: 'of the peer' },
      { host: 'n1', message: 'own 4' },
    ],
    missing: [],
    resume: /./,
  })
  t.match((await ask(`/api/v1/alerts?cursor=${page.cursor}`)).json(), {
    alerts: [{ message: 'own 3' }, {}, {}, { message: 'own 0' }],
    cursor: null,
  })
  const one = (await ask('/api/v1/alerts?host=n2')).json() as { alerts: unknown[] }
  t.equal(one.alerts.length, 1)
  t.match(await ask('/api/v1/alerts?host=n3'), { status: 404 })
  t.match(await ask('/api/v1/alerts?cursor=x'), { status: 400 })
})

t.test('a peer reads from positions of our own log', async (t) => {
  const { ask, own } = await start(t)
  t.match((await ask('/api/v1/alerts?scope=own&limit=2')).json(), {
    alerts: [{ message: 'own 4' }, { message: 'own 3' }],
    next: '3',
  })
  t.match((await ask('/api/v1/alerts?scope=own&before=3&limit=9')).json(), {
    alerts: [{ message: 'own 2' }, {}, {}],
    next: null,
  })
  t.strictSame((await ask('/api/v1/alerts?scope=own&after=')).json(), {
    version: 1,
    alerts: [],
    next: '4',
  })
  t.match((await ask('/api/v1/alerts?scope=own&after=2')).json(), {
    alerts: [{ message: 'own 3' }, { message: 'own 4' }],
  })
  own.after = async () => ({ alerts: [], next: '9', isLost: true })
  t.match((await ask('/api/v1/alerts?scope=own&after=1')).json(), { isLost: true, next: '9' })
})

t.test('metrics have the form that is asked for, and nothing of a peer', async (t) => {
  const { ask, own, hub } = await start(t)
  const plain = await ask('/metrics')
  t.equal(plain.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  t.match(plain.text, /^clp_fsmon_up\{id="w1",.*\} 1$/m)
  t.notMatch(plain.text, 'w9')
  const open = await ask('/metrics', { headers: { Accept: 'application/openmetrics-text' } })
  t.match(open.headers['content-type'], 'application/openmetrics-text; version=1.0.0')
  t.match(open.text, /# EOF\n$/)
  own.broken = 'gone'
  await hub.lookAtWatches('n1', AbortSignal.timeout(1000))
  const blind = (await ask('/metrics')).text
  t.match(blind, /^clp_fsmon_records_readable 0$/m)
  t.notMatch(blind, 'w1', 'what was last known is not told as the present')
})

t.test('what is counted between two questions is in the next answer', async (t) => {
  const { ask, own, hub } = await start(t)
  const counted = (count: number) =>
    fakeWatch('w1', {
      lastCheck: { at: `2026-01-01T00:00:0${count}.000Z`, verdict: 'ok', stages: [], ms: count },
      tally: {
        checks: { ok: count, failed: 0, cannotJudge: 0, discarded: 0 },
        recent: [],
        stages: [{ name: 'connect', counts: bucketEdgesS.map(() => count), sumMs: 1, count }],
        pausedMs: 0,
      },
    })
  const look = async (count: number) => {
    own.held = [counted(count)]
    await hub.lookAtWatches('n1', AbortSignal.timeout(1000))
    return (await ask('/metrics')).text
  }
  const line =
    'clp_fsmon_check_duration_seconds_count{id="w1",command="clp_sambamon",stage="connect"}'
  t.match(await look(1), `${line} 1\n`)
  t.match(await look(2), `${line} 2\n`)
  t.match(await look(3), `${line} 3\n`)
})

t.test('health tells whether the records can be read', async (t) => {
  const { ask, own, hub } = await start(t)
  t.match(await ask('/healthz'), { status: 200, text: /"status":"ok"/ })
  own.broken = 'gone'
  await hub.lookAtWatches('n1', AbortSignal.timeout(1000))
  t.match(await ask('/healthz'), { status: 503, text: /"status":"failing"/ })
})

t.test('pause and continue go to the monitor, and its answer comes back', async (t) => {
  const own = fakeSource('n1')
  own.held = [fakeWatch('w1')]
  const asked: unknown[] = []
  let reply: ControlReply = { kind: 'answer', answer: { ok: true, state: 'paused', text: '' } }
  const { ask } = await served(t, [own], {
    token,
    control: async (request) => {
      asked.push(request)
      return reply
    },
  })
  const headers = { Authorization: `Bearer ${token}` }
  const post = async (path: string) => ask(`/api/v1/watches/${path}`, { method: 'POST', headers })
  t.match(await post('w1/pause'), { status: 200, text: /"state":"paused"/ })
  t.match(await post('w1/continue'), { status: 200 })
  t.strictSame(asked, [
    { id: 'w1', command: 'clp_sambamon', action: 'pause' },
    { id: 'w1', command: 'clp_sambamon', action: 'continue' },
  ])
  t.match(await post('w2/pause'), { status: 404 })
  t.match(await post('w1/stop'), { status: 404 })
  const replies: [ControlReply, number][] = [
    [{ kind: 'answer', answer: { ok: false, state: '', text: 'no' } }, 409],
    [{ kind: 'nobody' }, 409],
    [{ kind: 'no-answer' }, 504],
    [{ kind: 'broken', reason: 'x' }, 502],
  ]
  for (const [given, status] of replies) {
    reply = given
    t.match(await post('w1/pause'), { status }, given.kind)
  }
  t.match((await ask('/api/v1/watches', { headers })).json(), { control: true })
})
