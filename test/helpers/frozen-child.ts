import { connect } from 'node:net'
import type { Probe } from '../../src/probe/probe.ts'
import { systemClock } from '../../src/watch/clock.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { Watch } from '../../src/watch/watch.ts'

const [port = '0', deadlineMs = '1000'] = process.argv.slice(2)

/** Asks a server for a byte. */
const probe: Probe = (signal) =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1')
    const stages = [{ name: 'connect', ms: 0 }]
    socket.on('error', () => undefined)
    socket.on('data', () => {
      socket.destroy()
      resolve({ kind: 'ok', stages, detail: {} })
    })
    signal.addEventListener('abort', () => {
      socket.destroy()
      resolve({
        kind: 'failed',
        stages,
        stage: 'connect',
        failure: 'timeout',
        cause: { id: 74, nn: 110 },
        reason: 'timed out',
        detail: {},
      })
    })
  })

/** Watches that server and tells everything it says. */
const watch = new Watch({
  timing: { intervalMs: 50, retryIntervalMs: 50, deadlineMs: Number(deadlineMs), retries: 1 },
  probe,
  clock: systemClock,
  announce: ({ id }) => process.send?.(`alert ${id}`),
  log: (level, text) => process.send?.(`${level} ${text}`),
  saveRecord: async () => undefined,
  tallySize: { edgesS: bucketEdgesS, mostRecent },
})
const ending = await watch.run()
process.send?.(`ended ${ending.how}`)
process.disconnect()
