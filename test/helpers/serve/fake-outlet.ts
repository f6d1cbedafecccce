import { EventEmitter } from 'node:events'
import type { EventOutlet } from '../../../src/serve/event-client.ts'

/** The end of a connection that takes what a test lets it take. */
export type FakeOutlet = EventOutlet & {
  readonly written: string[]
  /** everything that was written */
  readonly text: string
  writableLength: number
  writableNeedDrain: boolean
  readonly state: 'open' | 'ended' | 'destroyed'
  /** Takes all that was written so far. */
  drain: () => void
  /** How many wait for it. */
  listeners: () => number
}

/** A connection that is open. */
export function fakeOutlet(): FakeOutlet {
  const emitter = new EventEmitter()
  const written: string[] = []
  let state: FakeOutlet['state'] = 'open'
  const close = (how: 'ended' | 'destroyed'): void => {
    state = how
    it.writableNeedDrain = false
    emitter.emit('close')
  }
  const it: FakeOutlet = {
    written,
    get text() {
      return written.join('')
    },
    get state() {
      return state
    },
    writableLength: 0,
    writableNeedDrain: false,
    write: (text) => void written.push(String(text)),
    on: (event, listener) => emitter.on(event, listener),
    off: (event, listener) => emitter.off(event, listener),
    end: () => {
      close('ended')
    },
    destroy: () => {
      close('destroyed')
    },
    drain: () => {
      it.writableLength = 0
      it.writableNeedDrain = false
      emitter.emit('drain')
    },
    listeners: () => emitter.listenerCount('drain') + emitter.listenerCount('close'),
  }
  return it
}
