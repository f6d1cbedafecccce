import { randomBytes } from 'node:crypto'

/** What a truthful server serves: one directory, one file, and what a check writes. */
export class World {
  readonly directory = '/srv/data'
  readonly rootHandle = Buffer.from('handle of the export')
  readonly fileHandle = Buffer.from('handle of the file')
  readonly sampleHandle = Buffer.from('handle of the sample')
  readonly #aboveHandles = [Buffer.from('handle of all'), Buffer.from('handle of srv')]
  readonly fileContent = Buffer.from('hello, world')
  readonly clientId = randomBytes(8)
  readonly confirm = randomBytes(8)
  readonly sessionId = randomBytes(16)
  readonly stateId = randomBytes(16)
  sequenceId = 1
  isConfirmed = false
  sample: Buffer = Buffer.alloc(0)
  sampleName: string | undefined
  /** by program */
  ports: Record<number, number> = {}

  get topHandle(): Buffer {
    return this.#aboveHandles[0] ?? this.rootHandle
  }

  knows(handle: Buffer): boolean {
    const all = [this.rootHandle, this.fileHandle, this.sampleHandle, ...this.#aboveHandles]
    return all.some((known) => known.equals(handle))
  }

  isSample(handle: Buffer): boolean {
    return handle.equals(this.sampleHandle)
  }

  contentOf(handle: Buffer): Buffer {
    return this.isSample(handle) ? this.sample : this.fileContent
  }

  find(name: string): Buffer | undefined {
    if (name === this.sampleName) return this.sampleHandle
    return { srv: this.#aboveHandles[1], data: this.rootHandle, 'a.txt': this.fileHandle }[name]
  }

  /** A status. */
  remove(name: string): number {
    if (name !== this.sampleName) return 2
    this.sampleName = undefined
    return 0
  }
}
