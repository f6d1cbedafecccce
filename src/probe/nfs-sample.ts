import { randomBytes } from 'node:crypto'

/** How much of a file is read. */
export const bytesToRead = 4096

/** The file gave back other bytes than were written into it. */
export class SampleError extends Error {
  override readonly name = 'SampleError'

  constructor() {
    super('nfs error(data read differs from data written)')
  }
}

/** What is written into the small file; no two are alike, so that an old one is not taken for it. */
export function sampleData(): Buffer {
  return randomBytes(64)
}

/** Throws a SampleError unless as many bytes were taken as were sent. */
export function expectAllTaken(sent: Buffer, taken: number): void {
  if (taken !== sent.length) throw new SampleError()
}

/** Throws a SampleError unless what came back is what went out. */
export function expectSame(sent: Buffer, back: Buffer): void {
  if (!sent.equals(back)) throw new SampleError()
}
