import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { connectionsBegun } from './lab.mjs'

const run = promisify(execFile)
const limitS = 30

/** Starts a command and waits for its end, or until it has said a text; one sample of it. */
export async function once(build, command, { until = '', env = {}, isGood = succeeds } = {}) {
  const before = connectionsBegun()
  const { stdout } = await run(join(build, 'once'), [String(limitS), until, ...command], {
    env: { ...process.env, ...env },
    timeout: (limitS + 10) * 1000,
  })
  const { wallMs, cpuMs, peakKb, ...end } = JSON.parse(stdout)
  const isFine = until === '' ? isGood(end) : end.found
  return {
    wallMs: [wallMs],
    cpuMs,
    peakKb,
    connections: connectionsBegun() - before,
    failed: isFine ? 0 : 1,
    ...(!isFine && {
      reason: end.isLate ? `no end within ${limitS} s` : end.said || `status ${end.status}`,
    }),
  }
}

function succeeds({ status }) {
  return status === 0
}
