import { constants } from 'node:fs'
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that lines are added to; one that was renamed or removed is begun anew. */
export class LogFile {
  readonly #path: string
  #handle: FileHandle | undefined
  /** a line that the disk had no room for to its end */
  #isBroken = false

  constructor(path: string) {
    this.#path = path
  }

  /** Adds a line; rejects when that fails, and tries afresh the next time. */
  async append(line: string): Promise<void> {
    const handle = await this.#current()
    const bytes = Buffer.from(this.#isBroken ? `\n${line}` : line)
    let written = 0
    try {
      while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten
      this.#isBroken = false
    } catch (error) {
      if (written > 0) this.#isBroken = true
      throw error
    }
  }

  /** Closes the file, until the next line. */
  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }

  async #current(): Promise<FileHandle> {
    if (this.#handle !== undefined && (await this.#isInPlace(this.#handle))) return this.#handle
    await this.close()
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
    const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK
    this.#handle = await open(this.#path, flags, 0o600)
    this.#isBroken = false
    return this.#handle
  }

  async #isInPlace(handle: FileHandle): Promise<boolean> {
    try {
      const [there, ours] = await Promise.all([lstat(this.#path), handle.stat()])
      return there.ino === ours.ino && there.dev === ours.dev
    } catch {
      return false
    }
  }
}
