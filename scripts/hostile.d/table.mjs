// usage: table.mjs DIRECTORY SEED: what the hostile tests left there, one line a file, and their sum
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [directory = '.', seed = ''] = process.argv.slice(2)
const all = readdirSync(directory)
  .toSorted()
  .map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')))

const sum = (key) => all.reduce((total, each) => total + each[key], 0)
const most = (key) => Math.max(0, ...all.map((each) => each[key]))
const total = {
  name: 'all',
  cases: sum('cases'),
  inputs: sum('inputs'),
  failures: sum('failures'),
  overshootMs: most('overshootMs'),
  peakMB: most('peakMB'),
}

const columns = [
  [`seed ${seed}`, ({ name }) => name],
  ['cases', ({ cases }) => String(cases)],
  ['inputs', ({ inputs }) => String(inputs)],
  ['failures', ({ failures }) => String(failures)],
  ['longest overshoot', ({ overshootMs }) => `${overshootMs.toFixed(1)} ms`],
  ['peak memory', ({ peakMB }) => `${peakMB} MB`],
]
const rows = [columns.map(([title]) => title)]
for (const each of [...all, total]) rows.push(columns.map(([, show]) => show(each)))
const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i].length)))
for (const row of rows) {
  const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
  console.log(`# ${cells.join('  ')}`)
}
