import { nfsProbe } from '../../src/probe/nfs.ts'
import type { NfsTarget } from '../../src/probe/nfs-check.ts'
import type { Outcome, Probe } from '../../src/probe/probe.ts'
import type { Host } from './lab.ts'

/** Where the lab's Ganesha has its data, by the version that is spoken. */
export const directories = { '3': '/srv/nfs/data', '4': '/data' } as const

/** A target on a host of the lab. */
export function targetOn(host: Host, more: Partial<NfsTarget> = {}): NfsTarget {
  const { version = 'auto' } = more
  return {
    host: host.address,
    directory: directories[version.startsWith('4') ? '4' : '3'],
    depth: 'share',
    version,
    transport: 'tcp',
    machineName: 'monitor',
    privileged: true,
    ...more,
  }
}

/** A probe of a host of the lab. */
export function probeOf(host: Host, more: Partial<NfsTarget> = {}): Probe {
  return nfsProbe(targetOn(host, more))
}

/** How a check ended, and by how much it outlived its deadline. */
export interface Timed {
  outcome: Outcome
  /** Since the signal was aborted; below zero where it was not. */
  overshootMs: number
}

/** One check under a deadline. */
export async function timed(probe: Probe, deadlineMs: number): Promise<Timed> {
  const signal = AbortSignal.timeout(deadlineMs)
  const began = performance.now()
  let abortedAt: number | undefined
  signal.addEventListener('abort', () => {
    abortedAt = performance.now()
  })
  const outcome = await probe(signal)
  const ended = performance.now()
  return { outcome, overshootMs: ended - (abortedAt ?? began + deadlineMs) }
}

/** A check with ample time. */
export async function check(host: Host, more: Partial<NfsTarget> = {}): Promise<Outcome> {
  return probeOf(host, more)(AbortSignal.timeout(20_000))
}

/** What an outcome is like, in one line. */
export function summary(outcome: Outcome): string {
  const stages = outcome.stages.map(({ name, ms }) => `${name} ${ms.toFixed(1)}`).join(', ')
  if (outcome.kind === 'failed') {
    return `failed in ${outcome.stage} (${outcome.failure}): ${outcome.cause.text} [${stages}]`
  }
  return `${outcome.kind} [${stages}]`
}
