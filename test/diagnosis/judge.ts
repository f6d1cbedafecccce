import t from 'tap'
import { judge } from '../../src/diagnosis/judge.ts'
import { ranking } from '../../src/diagnosis/ranking.ts'
import { keysOf, listenerOf, nfsFacts, processOf, sambaFacts } from '../helpers/diagnosis.ts'

t.test('what is well gives no cause, however busy the host is', async (t) => {
  t.strictSame(judge(sambaFacts()), [])
  t.strictSame(judge(nfsFacts()), [])
})

t.test('what makes other things fail stands before what they look like then', async (t) => {
  const stopped = sambaFacts({
    processes: [processOf('smbd', { state: 'T' })],
    listeners: [
      listenerOf(445, {
        waiting: [51, 51],
        owners: [{ pid: 100, name: 'smbd', program: 'smbd' }],
      }),
    ],
  })
  t.strictSame(keysOf(stopped), ['process-stopped', 'backlog-full'])
  const taken = sambaFacts({
    processes: [],
    listeners: [listenerOf(445, { owners: [{ pid: 7, name: 'nc' }] })],
    configuration: { file: '/etc/samba/smb.conf', program: 'smbd', invalid: ['line'] },
  })
  t.strictSame(keysOf(taken), ['port-taken', 'smb-conf-invalid', 'process-missing'])
})

t.test('of a server elsewhere, nothing that is here is a cause', async (t) => {
  const network = { address: '198.51.100.1', isHere: false, routeError: 'ENETUNREACH' }
  t.strictSame(keysOf(sambaFacts({ processes: [], network })), ['no-route'])
  t.strictSame(keysOf({ target: sambaFacts().target }), [], 'nor before it is known where it is')
})

t.test('every cause that is found has its place in the ranking', async (t) => {
  const all = [
    sambaFacts({ processes: [], listeners: [] }),
    sambaFacts({ processes: [processOf('smbd', { state: 'T' })] }),
    nfsFacts({ processes: [processOf('ganesha.nfsd')], listeners: [] }),
  ].flatMap(keysOf)
  t.ok(all.length > 3)
  for (const key of all) t.ok(key in ranking, key)
})
