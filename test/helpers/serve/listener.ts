import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

/** One who listens to the events over a connection of its own, and comes back to where it was, as the page does. */
export type Listener = {
  /** the messages of the alerts that came, in their order */
  readonly heard: readonly string[]
  readonly bytesRead: number
  /** how often it was let go, how often refused, and how often told to read anew */
  readonly drops: number
  readonly refusals: number
  readonly resets: number
  /** Takes nothing for a while. */
  pause: () => void
  resume: () => void
}

/** Opens a connection that asks for the events, and does nothing with what comes. */
export function askForEvents(t: Test, url: string, last = ''): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  const from = last === '' ? '' : `Last-Event-ID: ${last}\r\n`
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n${from}\r\n`)
  t.teardown(() => socket.destroy())
  return socket
}

/** Listens until the test is over. */
export function listener(t: Test, url: string): Listener {
  let isOver = false
  let isPaused = false
  let last = ''
  let socket: Socket
  let timer: NodeJS.Timeout | undefined
  const heard: string[] = []
  const it = { heard, bytesRead: 0, drops: 0, refusals: 0, resets: 0 }
  const begin = (): void => {
    socket = askForEvents(t, url, last)
    if (isPaused) socket.pause()
    let rest = ''
    let isRefused = false
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      it.bytesRead += chunk.length
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) take(block)
      isRefused = it.bytesRead > 0 && /^HTTP\/1\.1 (?!200)/.test(chunk)
      if (isRefused) socket.destroy()
    })
    socket.on('close', () => {
      if (isOver) return
      if (isRefused) it.refusals += 1
      else it.drops += 1
      timer = setTimeout(begin, isRefused ? 1000 : 100)
    })
  }
  const take = (block: string): void => {
    last = /^id: (\S+)$/m.exec(block)?.[1] ?? last
    if (/^event: reset$/m.test(block)) it.resets += 1
    const message = /"message":"([^"]+)"/.exec(block)?.[1]
    if (message !== undefined) heard.push(message)
  }
  t.teardown(() => {
    isOver = true
    clearTimeout(timer)
  })
  begin()
  return Object.assign(it, {
    pause: () => {
      isPaused = true
      socket.pause()
    },
    resume: () => {
      isPaused = false
      socket.resume()
    },
  })
}
