import { setTimeout as delay } from 'node:timers/promises'
import { connectionsBegun } from '../lab.mjs'
import { licensedRoot, startMonitor, within } from '../monitor.mjs'
import { progress } from '../progress.mjs'

/** How much later than they should things happen: a stop, and the end of a monitor whose server hangs. */
export async function measureDelay({ run, plan, samba, nfs, quick }) {
  const { bin } = plan
  const root = await licensedRoot(bin)
  const commands = {
    clp_sambamon: { server: samba, argv: ['-s', 'user', '-u', 'labuser', '-a', samba.address] },
    clp_nfsmon: { server: nfs, argv: ['-d', '/srv/nfs/data', '-a', nfs.address] },
  }
  run.stop = { idle: [], hanging: [], monitorOfIdle: [], monitorOfHanging: [] }
  run.detection = {}
  const keep = (whole, monitor, { wholeMs, monitorMs }) => {
    run.stop[whole].push(wholeMs)
    run.stop[monitor].push(monitorMs)
  }
  for (let round = 0; round < (quick ? 3 : 8); round += 1) {
    for (const [command, { server, argv }] of Object.entries(commands)) {
      progress(`delay: ${command}, round ${round + 1}`)
      const start = (more) =>
        startMonitor({ bin, root, command, id: `delay${round}`, argv: [...argv, ...more] })
      keep('idle', 'monitorOfIdle', await timeStop(await start(['-i', '30'])))
      const monitor = await start(['-i', '1', '-r', '60'])
      const pids = await server.pids()
      await within(nextCheckPlanned(monitor), 'no check follows the first')
      await frozen(pids, async () => {
        await within(checkBegun(), 'no check begins')
        keep('hanging', 'monitorOfHanging', await timeStop(monitor))
      })
      const overshoots = (run.detection[command] ??= [])
      overshoots.push(await timeDetection(await start(timing), server))
    }
  }
}

/** Until the monitor is gone, and until the command that stopped it is gone as well. */
async function timeStop(monitor) {
  const began = performance.now()
  const [{ at }] = await Promise.all([
    within(monitor.ended, 'a monitor does not end'),
    monitor.stop(),
  ])
  return {
    wholeMs: tenths(Math.max(at, performance.now()) - began),
    monitorMs: tenths(at - began),
  }
}

/** A server that hangs still accepts connections, but says nothing on them. */
async function checkBegun() {
  const before = connectionsBegun()
  while (connectionsBegun() === before) await delay(5)
}

const [intervalS, retries, waitS] = [1, 1, 1]
const timing = ['-i', intervalS, '-c', retries, '-r', waitS].map(String)

/**
 * The server is frozen just after a check, so that the next one is the first to fail; it begins when the record says, and
 * the monitor should end (1 + c)·r + c·i after that.
 */
async function timeDetection(monitor, server) {
  const pids = await server.pids()
  const record = await within(nextCheckPlanned(monitor), 'no check follows the first')
  const nextCheck = Date.parse(record.nextCheck)
  return frozen(pids, async () => {
    if (Date.now() >= nextCheck) throw new Error('the server could not be frozen in time')
    const { status, date } = await within(monitor.ended, 'a server that hangs is not found')
    if (status !== 1) throw new Error(`a monitor whose server hangs ends with ${status}`)
    const modelMs = ((1 + retries) * waitS + retries * intervalS) * 1000
    return date - nextCheck - modelMs
  })
}

/** The record just after the next check. */
async function nextCheckPlanned(monitor) {
  const { lastCheck } = monitor.record()
  for (;;) {
    await delay(2)
    const record = monitor.record()
    if (record.lastCheck?.at !== lastCheck?.at && record.nextCheck !== undefined) return record
  }
}

async function frozen(pids, work) {
  for (const pid of pids) signal(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    for (const pid of pids) signal(pid, 'SIGCONT')
  }
}

/** A process of a session that has just ended is no loss. */
function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

function tenths(ms) {
  return Math.round(ms * 10) / 10
}
