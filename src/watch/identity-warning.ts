import type { Clock } from './clock.ts'
import type { Onlooker } from './onlooker.ts'
import type { Announce, Log } from './voice.ts'
import type { WarningBoard } from './warning-board.ts'

/** A login that is refused for long is called to mind so often, in the log. */
const reminderMs = 60 * 60 * 1000

/** Who is told of a login that is refused. */
export type IdentityWarningParts = {
  clock: Pick<Clock, 'now'>
  announce: Announce
  log: Log
  board: WarningBoard
}

/** Warns of a login that the server refuses, where that is no failure of the server. */
export function identityWarning({ clock, announce, log, board }: IdentityWarningParts): Onlooker {
  let saidAt: number | undefined
  return {
    judged: ({ result: { outcome } }) => {
      if (outcome.kind === 'ok') {
        if (saidAt !== undefined) log('info', 'the login is accepted again')
        saidAt = undefined
        board.lower('identity')
        return
      }
      if (outcome.kind !== 'failed' || outcome.isAboutIdentity !== true) return
      const isReminder = saidAt !== undefined
      if (saidAt !== undefined && clock.now() - saidAt < reminderMs) return
      saidAt = clock.now()
      const { reason, stage, detail, cause } = outcome
      const nn = cause.nn ?? 0
      if (!isReminder) board.raise('identity', { id: 109, text: reason })
      announce({
        id: 109,
        nn,
        detail: { ...detail, stage, reason },
        ...(isReminder && { reminder: true as const }),
      })
    },
  }
}
