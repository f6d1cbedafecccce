import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Connects to a monitor's control socket, however long the way to it is. */
export async function connectControl(root: string, id: string): Promise<Socket> {
  const fd = openSync(join(root, 'run/clp-fsmon'), 'r')
  try {
    const socket = connect(`/proc/self/fd/${fd}/${id}.sock`)
    await once(socket, 'connect')
    return socket
  } finally {
    closeSync(fd)
  }
}

/** Sends something and resolves with all that comes back until the connection is closed. */
export async function tellControl(
  root: string,
  id: string,
  what: string | Uint8Array,
): Promise<string> {
  const socket = await connectControl(root, id)
  const answer = text(socket)
  socket.on('error', () => {})
  socket.write(what)
  return answer
}
