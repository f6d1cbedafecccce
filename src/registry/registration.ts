import { ControlServer, type ControlHandler } from './control-server.ts'
import { codeOf } from './code-of.ts'
import { diskOf, type Disk } from './disk.ts'
import { socketName } from './identifier.ts'
import { makePrivateDirectory } from './private-directory.ts'
import { isRunning } from './process-identity.ts'
import { discard, prepareRecord, readRecord, recordPath, signatureOf } from './record-file.ts'
import { RegistryError } from './registry-error.ts'
import type { Ended, MonitorRecord } from './record.ts'
import type { Status } from './status.ts'

/** Tells, once each, what went wrong with the registration and was put right, or could not be. */
export type Report = (text: string) => void

/** What a registration is made of. */
export type RegistrationParts = {
  directory: string
  disk: Disk
  record: MonitorRecord
  /** the file that was written last */
  signature: string
  report: Report
}

/** A monitor's hold on its ID: its record and its control socket. */
export class Registration {
  readonly #directory: string
  readonly #report: Report
  #disk: Disk
  #record: MonitorRecord
  /** the file that we wrote last */
  #signature: string
  #writing: Promise<void> = Promise.resolve()
  #waiting: Promise<void> | undefined
  #server: ControlServer | undefined
  #handle: ControlHandler | undefined
  #isServerDown = false
  #opening: Promise<void> | undefined
  #hasEnded = false

  constructor({ directory, disk, record, signature, report }: RegistrationParts) {
    this.#directory = directory
    this.#disk = disk
    this.#record = record
    this.#signature = signature
    this.#report = report
  }

  /** Begins to answer controls. That this does not work is reported, and tried again with every update. */
  async listen(handle: ControlHandler): Promise<void> {
    this.#handle = handle
    await this.#keepListening()
  }

  /**
   * Writes what has changed; resolves when it stands. While a write is under way, only the latest
   * status waits for its turn, so that a directory that hangs costs no memory.
   */
  async update(status: Status): Promise<void> {
    if (this.#hasEnded) return
    const { version, id, command, target, options, process, sharesProcess, startedAt } =
      this.#record
    const fixed = { version, id, command, target, options, process, startedAt }
    this.#record = { ...fixed, ...(sharesProcess && { sharesProcess }), ...status }
    await this.#writeSoon()
  }

  /**
   * Writes how the monitor ended and gives up the ID. Nobody else writes a record whose process
   * runs, so this needs no lock, and an end waits for nobody.
   */
  async end(ended: Ended): Promise<void> {
    this.#hasEnded = true
    this.#record = { ...this.#record, ended }
    // The socket goes first: once the record says "ended", its name may be another monitor's.
    this.#handle = undefined
    await this.#opening
    if (!(await this.#isUsurped())) this.#server?.close()
    await this.#writeSoon()
  }

  async #writeSoon(): Promise<void> {
    this.#waiting ??= this.#writeNext()
    await this.#waiting
  }

  async #writeNext(): Promise<void> {
    try {
      await this.#writing
    } catch {
      // Whoever asked for that write has heard of it.
    }
    this.#waiting = undefined
    this.#writing = this.#write()
    await this.#writing
  }

  async #write(): Promise<void> {
    const ownership = await this.#ownership()
    if (ownership === 'usurped') {
      throw new RegistryError(
        'usurped',
        `the record was removed, and another monitor has taken the ID ${this.#record.id}`,
      )
    }
    if (ownership === 'removed') {
      await makePrivateDirectory(this.#directory)
      this.#disk = await diskOf(this.#directory)
    }
    const prepared = await prepareRecord(this.#directory, this.#record, this.#disk)
    try {
      await this.#disk.move(prepared.path, recordPath(this.#directory, this.#record.id))
    } catch (error) {
      await discard(prepared.path)
      throw error
    }
    this.#signature = prepared.signature
    if (ownership === 'removed') this.#report('the record had been removed; written again')
    await this.#keepListening()
  }

  /** Closing a socket removes what lies under its name, whosever it is by now. */
  async #isUsurped(): Promise<boolean> {
    try {
      return (await this.#ownership()) === 'usurped'
    } catch {
      return false
    }
  }

  async #ownership(): Promise<'ours' | 'removed' | 'usurped'> {
    const { id, process } = this.#record
    try {
      const stats = await this.#disk.stats(recordPath(this.#directory, id))
      if (signatureOf(stats) === this.#signature) return 'ours'
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'removed'
      throw error
    }
    const stored = await readRecord(this.#directory, id)
    if (stored.kind !== 'record' || stored.record.ended !== undefined) return 'removed'
    const isOther = stored.record.process.pid !== process.pid
    return isOther && isRunning(stored.record.process) ? 'usurped' : 'removed'
  }

  /** Sees to the control socket; never twice at the same time, or one would take the other's place. */
  async #keepListening(): Promise<void> {
    this.#opening ??= this.#open()
    await this.#opening
    this.#opening = undefined
  }

  async #open(): Promise<void> {
    const handle = this.#handle
    if (handle === undefined || (await this.#server?.isReachable(this.#disk))) return
    const isFirst = this.#server === undefined && !this.#isServerDown
    this.#server?.close()
    this.#server = undefined
    const { id, command } = this.#record
    const server = new ControlServer({
      directory: this.#directory,
      name: socketName(id),
      command,
      handle,
    })
    try {
      await server.listen()
      this.#server = server
      if (!isFirst) this.#report('the control socket was gone; it is there again')
      this.#isServerDown = false
    } catch (error) {
      server.close()
      if (!this.#isServerDown) {
        this.#report(`the control socket cannot be opened, watching goes on: ${String(error)}`)
      }
      this.#isServerDown = true
    }
  }
}
