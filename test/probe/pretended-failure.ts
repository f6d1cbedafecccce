import t from 'tap'
import { pretendedFailure } from '../../src/probe/pretended-failure.ts'

const cases = [
  ['samba', 'refused', { stage: 'connect', failure: 'connect', cause: { id: 72, nn: 111 } }],
  ['samba', 'silent', { stage: 'negotiate', failure: 'timeout', cause: { id: 74, nn: 110 } }],
  [
    'nfs',
    'refused',
    {
      stage: 'connect',
      failure: 'connect',
      cause: { id: 0, text: 'RPC: Unable to receive: errno = Connection refused.' },
    },
  ],
  [
    'nfs',
    'silent',
    { stage: 'null', failure: 'timeout', cause: { id: 0, text: 'RPC: Timed out' } },
  ],
] as const

for (const [server, what, expected] of cases) {
  t.test(`a ${what} ${server} looks like a real one`, async (t) => {
    const failure = await pretendedFailure(server, what)
    t.match(failure, expected)
    t.match(failure.reason, expected.stage)
  })
}
