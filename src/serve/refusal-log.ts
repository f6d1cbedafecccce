import { visible } from '../alert/lines.ts'
import type { RefusalCode } from './refusal.ts'

/** A request that was refused, as the log tells of it. */
export type RefusedRequest = { code: RefusalCode; address: string; method: string; url: string }

/** How often one kind of refusal is told of. */
const everyMs = 10_000

/** What somebody sends may be long. */
const longestPath = 80

/** Tells of refused requests, of many of one kind only how many there were; never of a query or a header. */
export class RefusalLog {
  readonly #log: (text: string) => void
  readonly #nowMs: () => number
  readonly #kinds = new Map<RefusalCode, { toldAtMs: number; untold: number }>()

  constructor(log: (text: string) => void, nowMs: () => number) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /** Takes note of a refusal. */
  note({ code, address, method, url }: RefusedRequest): void {
    const kind = this.#kinds.get(code)
    const nowMs = this.#nowMs()
    if (kind !== undefined && nowMs - kind.toldAtMs < everyMs) {
      kind.untold += 1
      return
    }
    const path = visible((url.split('?', 1)[0] ?? '').slice(0, longestPath))
    const more =
      kind === undefined || kind.untold === 0 ? '' : `, and ${kind.untold} more before it`
    this.#log(`refused (${code}): ${visible(method)} ${path} from ${address}${more}`)
    this.#kinds.set(code, { toldAtMs: nowMs, untold: 0 })
  }
}
