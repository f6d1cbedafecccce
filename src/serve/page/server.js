const key = 'clp-fsmon-token'
const silenceMs = 45_000
let token = stored()

/** An answer that is none: its status says why. */
export class AnswerError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** From now on everything is asked for with this token, until the tab is closed. */
export function useToken(given) {
  token = given
  try {
    sessionStorage.setItem(key, given)
  } catch {
    // Then it has to be given again after the page is loaded again.
  }
}

/** Asks the server for something. */
export async function ask(path, { method = 'GET', signal } = {}) {
  const limit = AbortSignal.timeout(20_000)
  const response = await fetch(path, {
    method,
    headers: headers({ Accept: 'application/json' }),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    cache: 'no-store',
  })
  const body = await response.json().catch(() => ({}))
  if (!response.ok) throw new AnswerError(response.status, body.error?.message ?? body.text ?? '')
  return body
}

/**
 * Listens to the events until the signal is aborted, and comes back after every interruption to where it
 * was, or to where `onUp` says that it is. A request of its own, for EventSource cannot carry a token.
 */
export async function listen({ onUp, onEvent, onDown, signal }) {
  let last
  let pauseMs = 250
  while (!signal.aborted) {
    try {
      await listenOnce({
        resume: last,
        onUp: async () => {
          last = (await onUp(last === undefined)) ?? last
        },
        onEvent: (name, data, id) => {
          last = id ?? last
          pauseMs = 250
          onEvent(name, data)
        },
        signal,
      })
      onDown(undefined)
    } catch (error) {
      if (signal.aborted) return
      onDown(error)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())))
    pauseMs = Math.min(5000, pauseMs * 2)
  }
}

async function listenOnce({ resume, onUp, onEvent, signal }) {
  const connection = new AbortController()
  const stop = () => connection.abort()
  signal.addEventListener('abort', stop)
  let timer = setTimeout(stop, silenceMs)
  try {
    const response = await fetch('/api/v1/events', {
      headers: headers({
        Accept: 'text/event-stream',
        ...(resume !== undefined && { 'Last-Event-ID': resume }),
      }),
      signal: connection.signal,
      cache: 'no-store',
    })
    if (!response.ok) throw new AnswerError(response.status, '')
    await onUp()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(stop, silenceMs)
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop()
      for (const block of blocks) passOn(block, onEvent)
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    connection.abort()
  }
}

function passOn(block, onEvent) {
  const fields = {}
  for (const line of block.split('\n')) {
    const [, name, value] = /^(event|id|data): ?(.*)$/.exec(line) ?? []
    if (name !== undefined) fields[name] = value
  }
  if (fields.data !== undefined) onEvent(fields.event, JSON.parse(fields.data), fields.id)
}

function headers(more) {
  return token === null ? more : { ...more, Authorization: `Bearer ${token}` }
}

function stored() {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}
