import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { Outcome } from '../../src/probe/probe.ts'
import { type SambaTarget, sambaProbe } from '../../src/probe/samba.ts'
import { user } from './smb-client.ts'
import { SmbServer, type SmbServerOptions, type Step } from './smb-server.ts'

/** Long enough that only a check which waits for nothing runs into it. */
export const generous = () => AbortSignal.timeout(120_000)

/** What the scripted server serves. */
export function target(port: number, more: Partial<SambaTarget> = {}): SambaTarget {
  return {
    host: '127.0.0.1',
    port,
    share: 'pub',
    depth: 'share',
    credentials: user,
    encrypt: false,
    ...more,
  }
}

/** A scripted server for the length of a test. */
export async function serve(t: Test, options: SmbServerOptions = {}): Promise<SmbServer> {
  const server = await SmbServer.start(options)
  t.teardown(() => server.close())
  return server
}

/** One check of a scripted server. */
export async function check(
  t: Test,
  options: SmbServerOptions = {},
  more: Partial<SambaTarget> = {},
): Promise<{ outcome: Outcome; server: SmbServer }> {
  const server = await serve(t, options)
  return { outcome: await sambaProbe(target(server.port, more))(generous()), server }
}

/** A server that says what it is told on each connection, SMB or not. */
export async function raw(t: Test, onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    t.teardown(() => socket.destroy())
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

export const stageNames = (outcome: Outcome) => outcome.stages.map(({ name }) => name)

/** One answer changed, all others left alone. */
export const only =
  (step: Step, change: (message: Buffer) => Buffer) => (at: Step, message: Buffer) =>
    at === step ? change(message) : message

/** The answers of a check of the depth `share`, in order. */
export const shareSteps: Step[] = [
  'negotiate',
  'challenge',
  'session',
  'tree',
  'disconnect',
  'logoff',
]

/** The stage of a check that waits for an answer. */
export const stageOf: Readonly<Record<Step, string>> = {
  netbios: 'netbios',
  negotiate: 'negotiate',
  challenge: 'session',
  session: 'session',
  tree: 'tree',
  validate: 'tree',
  pipe: 'pipe',
  create: 'open',
  close: 'list',
  read: 'read-back',
  write: 'write',
  list: 'list',
  disconnect: 'close',
  logoff: 'close',
}
