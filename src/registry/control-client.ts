import { connect } from 'node:net'
import { codeOf } from './code-of.ts'
import {
  decodeAnswer,
  encodeLine,
  longestLine,
  type ControlAnswer,
  type ControlRequest,
} from './control-message.ts'
import { openSocketPath } from './socket-path.ts'

/** Where a monitor's control socket is. */
export type ControlAddress = { directory: string; name: string }

/** What became of a request. */
export type ControlReply =
  | { kind: 'answer'; answer: ControlAnswer }
  /** nobody listens there */
  | { kind: 'nobody' }
  /** the signal was aborted before an answer came */
  | { kind: 'no-answer' }
  /** what came was no answer, or the connection broke */
  | { kind: 'broken'; reason: string }

/** Asks a monitor to do something and waits for its answer; never rejects. */
export async function askMonitor(
  address: ControlAddress,
  request: ControlRequest,
  signal: AbortSignal,
): Promise<ControlReply> {
  return talk(address, encodeLine(request), signal)
}

/** Whether anybody listens on a monitor's control socket; the kernel closes it when a process dies. */
export async function isListening(address: ControlAddress, signal: AbortSignal): Promise<boolean> {
  const reply = await talk(address, undefined, signal)
  return reply.kind !== 'nobody'
}

async function talk(
  address: ControlAddress,
  line: string | undefined,
  signal: AbortSignal,
): Promise<ControlReply> {
  if (signal.aborted) return { kind: 'no-answer' }
  let path
  try {
    path = openSocketPath(address.directory, address.name)
  } catch {
    return { kind: 'nobody' }
  }
  const socket = connect(path.path)
  try {
    return await new Promise<ControlReply>((resolve) => {
      let received = ''
      signal.addEventListener('abort', () => {
        resolve({ kind: 'no-answer' })
      })
      socket.setEncoding('utf8')
      socket.on('connect', () => {
        if (line === undefined) resolve({ kind: 'no-answer' })
        else socket.write(line)
      })
      socket.on('data', (chunk: string) => {
        received += chunk
        if (received.length > longestLine) {
          resolve({ kind: 'broken', reason: 'the answer is too long' })
        }
      })
      socket.on('error', (error) => {
        const code = codeOf(error)
        const isNobody = code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTSOCK'
        resolve(isNobody ? { kind: 'nobody' } : { kind: 'broken', reason: String(error) })
      })
      socket.on('close', () => {
        const answer = decodeAnswer(received)
        resolve(
          answer === undefined
            ? { kind: 'broken', reason: 'the connection was closed without an answer' }
            : { kind: 'answer', answer },
        )
      })
    })
  } finally {
    socket.destroy()
    path.close()
  }
}
