import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Where what is to be sent is kept, and how much of it. */
export type SpoolOptions = {
  directory: string
  /** more entries than this are not kept; then the oldest go */
  most: number
  /** makes the directory, or makes sure that it is ours alone */
  prepare: () => Promise<void>
  /** told of entries that were dropped */
  onDrop: (count: number) => void
}

/** An entry that waits. */
export type Spooled = { name: string; key: string; at: Date }

const form = /^(\d{15})-\d{6}-([\da-f-]{36})\.json$/

/** A file that is half-written for so long will never be whole. */
const abandonedMs = 600_000

/** Entries on disk, a file each, that outlive the process; they come out in the order they went in. */
export class Spool {
  readonly #options: SpoolOptions
  #count = 0
  #lastMs = 0
  #writing = 0

  constructor(options: SpoolOptions) {
    this.#options = options
  }

  /** Whether a file is being written, or a disk hangs. */
  get isWriting(): boolean {
    return this.#writing > 0
  }

  /** Keeps what is made of a new key, at once wholly or not at all. */
  async add(make: (key: string) => string): Promise<void> {
    const { directory, prepare } = this.#options
    const key = randomUUID()
    const name = this.#nextName(key)
    const half = join(directory, `.${name}.tmp`)
    this.#writing += 1
    try {
      await prepare()
      const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
      const handle = await open(half, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
      try {
        await handle.writeFile(make(key))
        await handle.datasync()
      } finally {
        await handle.close()
      }
      await rename(half, join(directory, name))
      await this.#dropOldest()
    } catch (error) {
      await this.#unlink(half)
      throw error
    } finally {
      this.#writing -= 1
    }
  }

  /** What waits, the oldest first; where there is no directory nothing does. */
  async list(): Promise<Spooled[]> {
    let names: string[]
    try {
      names = await readdir(this.#options.directory)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
    return names.toSorted().flatMap((name) => {
      const [, ms, key] = form.exec(name) ?? []
      return key === undefined ? [] : [{ name, key, at: new Date(Number(ms)) }]
    })
  }

  /** The text of an entry; undefined where it is gone, or what a lost power supply has left of it. */
  async read({ name }: Spooled): Promise<string | undefined> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
    let handle
    try {
      handle = await open(join(this.#options.directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      const text = await handle.readFile('utf8')
      JSON.parse(text)
      return text
    } catch {
      return undefined
    } finally {
      await handle?.close()
    }
  }

  /** Forgets an entry. */
  async remove({ name }: Pick<Spooled, 'name'>): Promise<void> {
    await unlink(join(this.#options.directory, name)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    })
  }

  /** Removes what processes that are gone have left half-written. */
  async sweep(): Promise<void> {
    const { directory } = this.#options
    for (const name of await readdir(directory)) {
      if (!name.startsWith('.') || !name.endsWith('.tmp')) continue
      const path = join(directory, name)
      const { mtimeMs } = await lstat(path)
      if (Date.now() - mtimeMs > abandonedMs) await this.#unlink(path)
    }
  }

  /** No entry comes before one that went in earlier, even if the clock was set back meanwhile. */
  #nextName(key: string): string {
    this.#lastMs = Math.max(this.#lastMs, Date.now())
    this.#count = (this.#count + 1) % 1_000_000
    const [ms, count] = [
      String(this.#lastMs).padStart(15, '0'),
      String(this.#count).padStart(6, '0'),
    ]
    return `${ms}-${count}-${key}.json`
  }

  async #dropOldest(): Promise<void> {
    const { most, onDrop } = this.#options
    const waiting = await this.list()
    const surplus = waiting.slice(0, Math.max(0, waiting.length - most))
    for (const entry of surplus) await this.remove(entry)
    if (surplus.length > 0) onDrop(surplus.length)
  }

  async #unlink(path: string): Promise<void> {
    await unlink(path).catch(() => undefined)
  }
}
