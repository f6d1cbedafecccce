import { randomUUID } from 'node:crypto'
import { alertJson } from '../alert-json.ts'
import type { Entry, Sink } from '../entry.ts'
import { passes, type Filter } from '../filter.ts'
import { post, type Receiver } from '../post.ts'
import { Spool, type SpoolOptions } from '../spool.ts'
import { SpoolSender, type SpoolSenderOptions } from '../spool-sender.ts'

/** A receiver of alerts over the web, and where they wait until it has taken them. */
export type WebhookOptions = {
  name: string
  receiver: Receiver
  filter: Filter
  queue: Omit<SpoolOptions, 'onDrop'>
  sender: Omit<SpoolSenderOptions, 'spool' | 'post'>
}

/**
 * Posts alerts to a receiver. An alert counts as delivered here when it is on disk: from there it is
 * sent by this process, or by another one of this host when this one ends before that.
 */
export function webhookSink({
  name,
  receiver,
  filter,
  queue,
  sender,
}: WebhookOptions): Sink & Required<Pick<Sink, 'flush' | 'close'>> {
  const { onTrouble } = sender
  const spool = new Spool({
    ...queue,
    onDrop: (count) => {
      onTrouble(`too much is waiting; the oldest entries were dropped: ${count}`)
    },
  })
  const work = new SpoolSender({
    ...sender,
    spool,
    post: async (body, key, signal) => post(receiver, body, key, signal),
  })
  /** A disk that takes nothing does not take the web away. */
  const deliverUnkept = async (entry: Entry, trouble: unknown): Promise<void> => {
    const key = randomUUID()
    const { signal } = new AbortController()
    const posted = await post(receiver, alertJson(entry, key), key, signal)
    if (posted.kind !== 'delivered') throw trouble
    if (!isUnkept) onTrouble(`sent at once, without a queue: ${String(trouble)}`)
    isUnkept = true
  }
  let isUnkept = false
  // What earlier processes could not get out.
  work.wake()
  return {
    name: `webhook ${name}`,
    takes: (entry) => passes(filter, entry),
    mayHoldProcess: () => spool.isWriting,
    deliver: async (entry) => {
      try {
        await spool.add((key) => alertJson(entry, key))
      } catch (error) {
        await deliverUnkept(entry, error)
        return
      }
      isUnkept = false
      work.wake()
    },
    flush: async () => work.flush(),
    close: async () => work.close(),
  }
}
