// Many watches in one process, over a registry in memory: watches COUNT INTERVAL-MS WINDOW-MS TARGET...
//
// The watches begin spread over one interval. What is told is of the window after that: the CPU time, and how much later
// than planned each check began, those of the beginning included; and the memory at its end.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Status } from '../../src/registry/status.ts'
import { bucketEdgesS, mostRecent } from '../../src/registry/tally.ts'
import { systemClock, type Clock } from '../../src/watch/clock.ts'
import { Watch } from '../../src/watch/watch.ts'
import { labProbe } from './lab-probe.ts'

const [, , countText, intervalText, windowText, ...targets] = process.argv
const [count, intervalMs, windowMs] = [Number(countText), Number(intervalText), Number(windowText)]
const registry = new Map<number, Status>()
const latenessMs: number[] = []
let checks = 0
let failed = 0
let reason = ''

// Making them is no part of what is measured.
const began = performance.now() + 500
for (let i = 0; i < count; i += 1) begin(i, (i * intervalMs) / count)
await delay(began + intervalMs - performance.now())
const cpu = process.cpuUsage()
const opened = performance.now()
checks = 0
await delay(windowMs)
const { user, system } = process.cpuUsage(cpu)
const wallMs = performance.now() - opened
const told = { checks, failed, reason, cpuMs: (user + system) / 1000, wallMs, latenessMs }
process.stdout.write(`${JSON.stringify({ ...told, privateKb: privateKb() })}\n`)
// The watches would go on for ever.
process.exit(0)

function begin(index: number, afterMs: number): void {
  let plannedAt = began + afterMs
  const clock: Clock = {
    ...systemClock,
    setTimer: (ms, callback) => {
      // Nothing else of a watch takes as long as an interval, but the deadline of a check.
      if (ms === intervalMs) plannedAt = performance.now() + ms
      return systemClock.setTimer(ms, callback)
    },
  }
  const probe = labProbe(targets[index % targets.length] ?? '')
  const watch = new Watch({
    timing: { intervalMs, retryIntervalMs: intervalMs, deadlineMs: intervalMs * 2, retries: 5 },
    probe: async (signal) => {
      latenessMs.push(Math.round((performance.now() - plannedAt) * 100) / 100)
      const outcome = await probe(signal)
      checks += 1
      if (outcome.kind !== 'ok') {
        failed += 1
        reason = 'reason' in outcome ? outcome.reason : outcome.kind
      }
      return outcome
    },
    clock,
    announce: () => undefined,
    log: () => undefined,
    saveRecord: async (status) => {
      registry.set(index, status)
    },
    tallySize: { edgesS: bucketEdgesS, mostRecent },
  })
  setTimeout(() => void watch.run(), plannedAt - performance.now())
}

/** What is this process's alone: what would be free if it ended. */
function privateKb(): number {
  const rollup = readFileSync('/proc/self/smaps_rollup', 'latin1')
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(rollup)?.[1])
  return kilobytes('Private_Clean') + kilobytes('Private_Dirty')
}
