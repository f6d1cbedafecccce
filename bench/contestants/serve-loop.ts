import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** Serves checks as bench/c/loop.h does: a line with a number is read, so many checks are made, a line of JSON tells of them. */
export async function serveLoop(check: () => Promise<string | undefined>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const wallMs: number[] = []
    let failed = 0
    let reason = ''
    const cpu = process.cpuUsage()
    for (let i = 0; i < Number(line); i += 1) {
      const began = performance.now()
      const problem = await check()
      wallMs.push(Math.round((performance.now() - began) * 1000) / 1000)
      if (problem === undefined) continue
      failed += 1
      reason = problem
    }
    const { user, system } = process.cpuUsage(cpu)
    const told = { wallMs, cpuMs: (user + system) / 1000, peakKb: peakKb(), failed, reason }
    process.stdout.write(`${JSON.stringify(told)}\n`)
  }
}

/** The peak since exec; resourceUsage() would tell of whoever forked us as well. */
function peakKb(): number {
  return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0)
}
