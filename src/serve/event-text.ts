import type { HubEvent } from './hub.ts'

/** An event as it goes over the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventText(event: HubEvent): string {
  switch (event.kind) {
    case 'host':
      return frame('host', event.host)
    case 'watch':
      return frame('watch', { host: event.host, revision: event.revision, watch: event.watch })
    case 'gone':
      return frame('gone', { host: event.host, revision: event.revision, id: event.id })
    case 'reset':
      return frame('reset', { host: event.host }, event.resume)
    case 'alert':
      return frame('alert', event.alert, event.resume)
  }
}

/** An event of a name with its data; JSON has no line end of its own, so it is one line. */
export function frame(name: string, data: unknown, id?: string): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  return `event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`
}
