import type { Test } from 'tap'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { Caller } from '../../src/smb/caller.ts'
import { SmbConnection } from '../../src/smb/connection.ts'
import { Frames } from '../../src/smb/frames.ts'
import { logIn, type Session } from '../../src/smb/login.ts'
import { type Negotiated, Offer } from '../../src/smb/negotiation.ts'
import { connectTcp } from '../../src/wire/tcp.ts'
import { SmbServer, type SmbServerOptions } from './smb-server.ts'

const caller = new Caller('server', 'HOST')

/** The user whose password the scripted server knows. */
export const user = Credentials.user('User', 'Password', 'Domain')

/** A scripted server and a connection to it. */
export async function connectSmb(
  t: Test,
  options: SmbServerOptions = {},
): Promise<{ server: SmbServer; connection: SmbConnection }> {
  const server = await SmbServer.start(options)
  const controller = new AbortController()
  t.teardown(async () => {
    controller.abort()
    await server.close()
  })
  const target = { address: '127.0.0.1', port: server.port }
  const tcp = await connectTcp(target, controller.signal)
  return { server, connection: new SmbConnection(new Frames(tcp)) }
}

/** The same, with the dialect settled and somebody logged in. */
export async function logInTo(
  t: Test,
  options: SmbServerOptions = {},
  credentials = user,
): Promise<{
  server: SmbServer
  connection: SmbConnection
  negotiated: Negotiated
  session: Session
}> {
  const { server, connection } = await connectSmb(t, options)
  const negotiated = await new Offer(caller).negotiate(connection)
  const session = await logIn(connection, negotiated, credentials, caller)
  return { server, connection, negotiated, session }
}
