import { parseArgs } from 'node:util'

/** The parts of a run, in their order. */
export const parts = ['samba', 'nfs', 'process', 'growth', 'delay']

const help = `Measures the product beside what people use and what a C client can do, in the lab, in one run.

usage: npm run bench [-- OPTION...]
  --quick            fewer rounds, at most 100 watches; about two minutes
  --only PART,...    some of: ${parts.join(' ')}
  --json FILE        every raw sample, and what they come to
  --from FILE        measures nothing; shows what an earlier run came to, from its JSON
  --no-install       takes the packages that are there, and says which are not
  --help

Needs root. Contestants take turns, round by round; ratios are of the same round. The first table
holds every ratio or figure that has an aim to its aim (1.00 is just met), the others show the contestants.

exit status: 0 every aim that was measured is met, 1 those that are not are named last,
             2 wrong usage, 3 it could not be measured
`

/** What was asked for: `show` is a text to print and be done, `wrong` says what is wrong with it. */
export function readOptions(argv) {
  let values
  try {
    const text = { type: 'string' }
    const flag = { type: 'boolean', default: false }
    const options = { quick: flag, only: text, json: text, from: text, 'no-install': flag }
    ;({ values } = parseArgs({
      args: argv,
      options: { ...options, help: { ...flag, short: 'h' } },
    }))
  } catch (error) {
    return { wrong: error.message }
  }
  if (values.help) return { show: help }
  const only = values.only?.split(',') ?? parts
  const unknown = only.find((part) => !parts.includes(part))
  if (unknown !== undefined) {
    return { wrong: `there is no part '${unknown}'; there are: ${parts.join(' ')}` }
  }
  return { ...values, only, install: !values['no-install'] }
}
