import { randomInt } from 'node:crypto'

/** How long the hostile tests are to take, and what their random choices come from. */
export type Form = { isLong: boolean; seed: number }

/** What was asked for: `HOSTILE_LONG`, and `HOSTILE_SEED` to have a run again. */
export function askedForm(): Form {
  const { HOSTILE_LONG: long = '', HOSTILE_SEED: seed = '' } = process.env
  return { isLong: long !== '', seed: seed === '' ? randomInt(0x7fff_ffff) : Number(seed) }
}

/** The seed that every run has beside its random one. */
export const fixedSeed = 20_040_401
