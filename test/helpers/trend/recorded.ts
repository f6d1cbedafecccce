import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KnownSeries } from './series.ts'

/** Series that were recorded with real servers (test/lab/space.ts), and what they are. */
const recordings: readonly (readonly [file: string, isDanger: boolean])[] = [
  ['samba-space-filling', true],
  ['samba-response-idle', false],
  ['samba-response-loaded', false],
  ['ganesha-response-idle', false],
  ['ganesha-response-loaded', false],
]

/** The recorded series, as margins to their limits. */
export function recordedSeries(): KnownSeries[] {
  return recordings.map(([file, isDanger]) => {
    const path = join(import.meta.dirname, '../../watch/recorded', `${file}.json`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- we wrote it
    const { everyMs, margins } = JSON.parse(readFileSync(path, 'utf8')) as KnownSeries
    return { name: file, everyMs, margins, isDanger }
  })
}
