import type { Onlooker } from './onlooker.ts'
import type { Announce } from './voice.ts'
import type { WarningBoard } from './warning-board.ts'

/** Warns of a server that gave no answer in time, but is at work. */
export function progressWarning(announce: Announce, board: WarningBoard): Onlooker {
  let isOn = false
  return {
    judged: ({ result: { outcome } }) => {
      const isAtWork = outcome.kind === 'failed' && outcome.weight !== undefined
      if (!isAtWork) {
        isOn = false
        board.lower('progress')
        return
      }
      if (isOn) return
      isOn = true
      const { reason, stage, failure, detail } = outcome
      const nn = Number(detail.workBytes ?? 0)
      board.raise('progress', { id: 110, text: `${reason}; ${nn} bytes` })
      announce({ id: 110, nn, detail: { ...detail, stage, failure, reason } })
    },
  }
}
