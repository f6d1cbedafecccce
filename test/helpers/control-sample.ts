import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { ControlServer, type ControlHandler } from '../../src/registry/control-server.ts'
import { openSocketPath } from '../../src/registry/socket-path.ts'

/** Where the sample server listens. */
export const name = 'watch1.sock'

/** A control server that does as it is told. */
export async function serve(
  directory: string,
  handle: ControlHandler = async (action) => ({ ok: true, state: 'watching', text: action }),
): Promise<ControlServer> {
  const server = new ControlServer({ directory, name, command: 'clp_sambamon', handle })
  await server.listen()
  return server
}

/** A bare connection to it. */
export async function dial(directory: string): Promise<Socket> {
  const { path, close } = openSocketPath(directory, name)
  const socket = connect(path)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  close()
  return socket
}

/** Everything that comes until the other end closes. */
export async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  if (!socket.destroyed) await once(socket, 'close')
  return text
}
