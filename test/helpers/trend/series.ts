/** A series of margins to a limit, a sample every so often; whether and when it truly reaches the limit. */
export type KnownSeries = {
  name: string
  everyMs: number
  margins: number[]
  /** it goes to the limit, so that a warning is due; else every warning is a false one */
  isDanger: boolean
}

/** Numbers that look like chance and are always the same (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number that is spread as many are (Box and Muller). */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

const dayMs = 24 * 60 * 60 * 1000

/** Series that never reach their limit of 0, of a day each; they lie as near to it as they do in the worst of cases. */
export function calmSeries(everyMs: number): KnownSeries[] {
  const count = Math.round(dayMs / everyMs)
  const make = (name: string, at: (index: number, next: () => number) => number): KnownSeries => {
    const next = chance(name.length * 7919 + everyMs)
    const margins = Array.from({ length: count }, (_, index) => at(index, next))
    return { name, everyMs, margins, isDanger: false }
  }
  let walk = 0
  let level = 0
  return [
    make('noise', (_, next) => Math.max(1, 50 + 10 * normal(next))),
    make('noise near the limit', (_, next) => Math.max(1, 12 + 3 * normal(next))),
    make('spikes', (_, next) => (next() < 0.02 ? 3 : 60 + normal(next))),
    make('steps', (index, next) => {
      if (index % 240 === 0) level = 10 + 80 * next()
      return level + 0.5 * normal(next)
    }),
    make('short saw-teeth', (index) => 5 + (90 * (29 - (index % 30))) / 30),
    make('long saw-teeth', (index, next) => 4 + (90 * (239 - (index % 240))) / 240 + 0.3 * next()),
    make('plateaus', (index) => {
      const at = index % 480
      return at < 60 ? 90 - at : at < 420 ? 30 : 30 + (at - 419)
    }),
    make('a slow drift that turns', (index) => 55 + 45 * Math.cos((2 * Math.PI * index) / count)),
    make('random walk', (_, next) => {
      walk = Math.min(40, Math.max(-40, walk + 0.7 * normal(next)))
      return 50 + walk
    }),
  ]
}

/** Series that go to their limit, after two hours of quiet: what a warning is for. */
export function dangerousSeries(everyMs: number): KnownSeries[] {
  const quiet = Math.round(7_200_000 / everyMs)
  const make = (name: string, seconds: number, noise: number): KnownSeries => {
    const next = chance(name.length * 104_729 + everyMs)
    const fall = Math.round((seconds * 1000) / everyMs)
    const margins = Array.from({ length: quiet + fall + 5 }, (_, index) => {
      const level = index < quiet ? 100 : 100 * (1 - (index - quiet + 1) / fall)
      return level + noise * normal(next)
    })
    return { name, everyMs, margins, isDanger: true }
  }
  return [
    make('ramp of 6 hours', 21_600, 0),
    make('ramp of 1 hour', 3600, 0),
    make('ramp of 20 minutes', 1200, 0),
    make('ramp of 5 minutes', 300, 0),
    make('ramp of 2 minutes', 120, 0),
    make('noisy ramp of 1 hour', 3600, 1),
    make('noisy ramp of 20 minutes', 1200, 1),
    make('noisy ramp of 5 minutes', 300, 1),
  ]
}
