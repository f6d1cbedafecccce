import { connect } from 'node:net'

/** Whether anybody takes a connection to an address of this host, be it one who passes it on unseen. */
export async function isTaken(address: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const end = (taken: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(taken)
    }
    const timer = setTimeout(end, limitMs, false)
    socket.on('connect', () => {
      end(true)
    })
    socket.on('error', () => {
      end(false)
    })
  })
}
