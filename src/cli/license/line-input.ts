import type { Readable } from 'node:stream'

/** Where a dialogue takes its answers from. */
export type LineInput = {
  /** The next line without its end; undefined when there is none any more. */
  next: () => Promise<string | undefined>
  /** a person sees what they type */
  isTerminal: boolean
}

/** No answer is as long as this. */
const longestLine = 4096

/** Reads lines from a terminal or a pipe; the last one need not end. */
export function lineInput(stream: Readable & { isTTY?: boolean }): LineInput {
  const chunks = stream.setEncoding('utf8')[Symbol.asyncIterator]()
  let rest = ''
  let over = false
  const next = async (): Promise<string | undefined> => {
    while (!over && !rest.includes('\n') && rest.length < longestLine) {
      const chunk = await readChunk(chunks)
      if (chunk === undefined) over = true
      else rest += chunk
    }
    if (over && rest === '') return undefined
    const end = rest.includes('\n') ? rest.indexOf('\n') : rest.length
    const line = rest.slice(0, end)
    rest = rest.slice(end + 1)
    return line.replace(/\r$/, '')
  }
  return { next, isTerminal: stream.isTTY === true }
}

/** A terminal that was hung up reads as an error; to a dialogue it is an end like any other. */
async function readChunk(chunks: AsyncIterator<unknown>): Promise<string | undefined> {
  try {
    const { done, value } = await chunks.next()
    return done === true || typeof value !== 'string' ? undefined : value
  } catch {
    return undefined
  }
}
