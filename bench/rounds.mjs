import { progress } from './progress.mjs'

/**
 * Lets contestants take turns, so that whatever else the machine does meets all of them; each round begins with another.
 * What is tried first counts for nobody.
 */
export async function takeTurns(run, part, contestants, rounds) {
  const inPlay = contestants.map(({ name, take, kind }) => {
    const series = { kind, rounds: [] }
    run.series[`${part}/${name}`] = series
    return { series, take }
  })
  for (let round = -1; round < rounds; round += 1) {
    for (let turn = 0; turn < inPlay.length; turn += 1) {
      const { series, take } = inPlay[(turn + round + inPlay.length) % inPlay.length]
      if (series.gone !== undefined) continue
      progress(`${part}: round ${Math.max(0, round) + 1} of ${rounds}`)
      const sample = await take()
      if (sample.gone !== undefined) series.gone = sample.gone
      else if (round >= 0) series.rounds.push(sample)
    }
  }
}
