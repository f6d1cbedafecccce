import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { readAt, type LogSource } from './log-files.ts'

/** A line of a log: where it ends (after its newline), and what it is; undefined where it is too long to be one. */
export type LogLine = { end: number; text: string | undefined }

/** No line of ours is longer. */
export const longestLine = 256 * 1024

const chunkBytes = 256 * 1024

const newline = 0x0a

/** The lines of a file that end before a place, from the last to the first, in handfuls; not for compressed files. */
export async function* linesBackward(
  { handle, isCurrent }: LogSource,
  before: number,
): AsyncGenerator<LogLine[]> {
  let position = before
  /** what was read of the line that begins further ahead */
  let rest: Buffer[] = []
  let restBytes = 0
  let end = before
  let isFirst = true
  while (position > 0) {
    const length = Math.min(chunkBytes, position)
    position -= length
    const chunk = await readAt(handle, position, length)
    const lines: LogLine[] = []
    let upTo = chunk.length
    for (;;) {
      const at = upTo === 0 ? -1 : chunk.lastIndexOf(newline, upTo - 1)
      const piece = chunk.subarray(at + 1, upTo)
      if (restBytes <= longestLine) rest.unshift(piece)
      restBytes += piece.length
      if (at < 0 && position > 0) break
      // What follows the last newline is still being written.
      const isOpen = isFirst && isCurrent
      if (restBytes > 0 && !isOpen) lines.push({ end, text: textOf(rest, restBytes) })
      isFirst = false
      rest = []
      restBytes = 0
      end = position + at + 1
      if (at < 0) break
      upTo = at
    }
    yield lines
  }
}

/** The lines of a file that begin at a place or after it, from the first to the last, in handfuls. */
export async function* linesForward(source: LogSource, from: number): AsyncGenerator<LogLine[]> {
  let position = source.isCompressed ? 0 : from
  let rest: Buffer[] = []
  let restBytes = 0
  for await (const whole of chunksOf(source, from)) {
    // A compressed file can only be read from its beginning.
    const skipped = Math.min(whole.length, Math.max(0, from - position))
    const chunk = whole.subarray(skipped)
    position += skipped
    const lines: LogLine[] = []
    let start = 0
    for (;;) {
      const at = chunk.indexOf(newline, start)
      const piece = chunk.subarray(start, at < 0 ? undefined : at)
      if (restBytes <= longestLine) rest.push(piece)
      restBytes += piece.length
      if (at < 0) break
      if (restBytes > 0) lines.push({ end: position + at + 1, text: textOf(rest, restBytes) })
      rest = []
      restBytes = 0
      start = at + 1
    }
    position += chunk.length
    yield lines
  }
  // Nobody adds to a line that was rotated away.
  if (restBytes > 0 && !source.isCurrent) yield [{ end: position, text: textOf(rest, restBytes) }]
}

async function* chunksOf(source: LogSource, from: number): AsyncGenerator<Buffer> {
  if (!source.isCompressed) {
    yield* rawChunks(source, from)
    return
  }
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  // What is damaged or cut off ends the reading, and what came before that is shown.
  pipeline(Readable.from(rawChunks(source, 0)), gunzip, () => undefined)
  try {
    for await (const chunk of gunzip) {
      const bytes: Buffer = chunk
      yield bytes
    }
  } catch {
    return
  }
}

async function* rawChunks({ handle }: LogSource, from: number): AsyncGenerator<Buffer> {
  for (let position = from; ;) {
    const chunk = await readAt(handle, position, chunkBytes)
    if (chunk.length > 0) yield chunk
    if (chunk.length < chunkBytes) return
    position += chunk.length
  }
}

function textOf(pieces: readonly Buffer[], byteCount: number): string | undefined {
  return byteCount > longestLine ? undefined : Buffer.concat(pieces).toString('utf8')
}
