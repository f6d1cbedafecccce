import { type Change, differences, known } from './differences.ts'
import type { Answer, Protocol } from './item.ts'
import { listPath, readList, writeList } from './list-file.ts'
import type { StoredList } from './stored-list.ts'

/** What an answer means beside what was known. */
export type Finding =
  /** nothing was known: all of it is stored, and nothing of it is new */
  | { kind: 'first' }
  /** it was asked as somebody else, who may be shown other things: stored anew as well */
  | { kind: 'other-login'; before: string }
  | { kind: 'compared'; changes: Change[] }

/** What is known of one server by one protocol, across the lives of processes. */
export class Ledger {
  readonly #protocol: Protocol
  readonly #path: string
  #stored: StoredList | undefined
  #isWritten: boolean

  private constructor(protocol: Protocol, path: string, stored: StoredList | undefined) {
    this.#protocol = protocol
    this.#path = path
    this.#stored = stored
    this.#isWritten = stored !== undefined
  }

  /** Reads what is known; a list that cannot be read has been moved to where `damaged` says. */
  static async open(
    directory: string,
    server: string,
    protocol: Protocol,
  ): Promise<{ ledger: Ledger; damaged?: string }> {
    const path = listPath(directory, server, protocol)
    const found = await readList(path)
    const ledger = new Ledger(protocol, path, found.kind === 'list' ? found.list : undefined)
    return { ledger, ...(found.kind === 'damaged' && { damaged: found.movedTo }) }
  }

  /** Whether the server has ever answered by this protocol. */
  get isKnown(): boolean {
    return this.#stored !== undefined
  }

  /** How many items are known. */
  get size(): number {
    return this.#stored?.items.length ?? 0
  }

  /** What an answer means. */
  compare(answer: Answer): Finding {
    const stored = this.#stored
    if (stored === undefined) return { kind: 'first' }
    if (stored.askedAs !== answer.askedAs) return { kind: 'other-login', before: stored.askedAs }
    return {
      kind: 'compared',
      changes: differences(this.#protocol, stored.items, answer),
    }
  }

  /** Keeps an answer, and writes it where it says something new; known from here on even where that fails. */
  async keep(answer: Answer, at: string): Promise<void> {
    const finding = this.compare(answer)
    const before = finding.kind === 'compared' ? (this.#stored?.items ?? []) : []
    const items = known(this.#protocol, before, answer)
    this.#stored = { at, askedAs: answer.askedAs, items }
    if (finding.kind === 'compared' && finding.changes.length === 0 && this.#isWritten) return
    this.#isWritten = false
    await writeList(this.#path, this.#stored)
    this.#isWritten = true
  }
}
