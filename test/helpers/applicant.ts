import type { Applicant } from '../../src/registry/registry.ts'
import type { Status } from '../../src/registry/status.ts'

/** A status as a watch has it. */
export const status: Status = {
  state: 'starting',
  since: '2026-01-01T00:00:00.000Z',
  failures: 0,
  retries: 5,
  worstCaseMs: 540_000,
}

/** Somebody who wants an ID. */
export function applicant(id: string, command = 'clp_sambamon'): Applicant {
  return { id, command, target: 'pub', options: { interval: 30 }, status }
}
