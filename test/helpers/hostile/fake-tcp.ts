import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { TcpConnection } from '../../../src/wire/tcp.ts'

/** A connection whose peer sends these pieces, one by one, and then hangs up. */
export function fakeTcp(pieces: Iterable<Uint8Array>): TcpConnection {
  const left = pieces[Symbol.iterator]()
  const socket = new Duplex({
    read() {
      for (let next = left.next(); ; next = left.next()) {
        if (next.done === true) {
          this.push(null)
          return
        }
        // A piece without a byte would be none.
        if (next.value.length > 0) {
          this.push(next.value)
          return
        }
      }
    },
    write(_chunk, _encoding, done) {
      done()
    },
  })
  const connection = new TcpConnection(socket as Socket)
  socket.on('data', (chunk: Buffer) => {
    if (!connection.take(chunk)) socket.pause()
  })
  return connection
}

/** Bytes in pieces, cut at these places, counted modulo what there is. */
export function* inPieces(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  const places = cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b)
  let from = 0
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to)
    from = to
  }
}
