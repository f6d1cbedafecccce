// Prints the fault matrix from what its tests noted: print-matrix.mjs DIRECTORY
// exit status: 0 all cells were tried and are as expected, 1 not so
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [directory = ''] = process.argv.slice(2)
const notes = readdirSync(directory)
  .toSorted()
  .flatMap((file) => readFileSync(join(directory, file), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line))
const plans = notes.filter(({ planned }) => planned !== undefined)
const findings = notes.filter(({ planned }) => planned === undefined)
// Each before what belongs to it, such as the steps of writing alone.
const first = ['Samba', 'NFSv3', 'NFSv4.0', 'NFSv4.1', 'Commands']
const rankOf = (server) => first.indexOf(server.split(',')[0])
const servers = [...new Set(findings.map(({ server }) => server))].toSorted(
  (a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b),
)

const widthOf = (server, name) => {
  const lengths = findings.filter((each) => each.server === server).map((each) => each[name].length)
  return Math.max(...lengths)
}
for (const server of servers) {
  const cells = findings.filter((each) => each.server === server)
  if (cells.length === 0) continue
  const columns = ['fault', 'depth', 'phase', 'expected'].map((name) => [
    name,
    widthOf(server, name),
  ])
  console.log(`\n${server}`)
  for (const cell of cells) {
    const words = columns.map(([name, width]) => cell[name].padEnd(width))
    // Where several things may be right, it is shown which of them came.
    const sign = cell.isExpected ? '=' : '≠'
    const seen = cell.seen === cell.expected ? '' : ` ${cell.seen}`
    console.log(`  ${words.join('  ')}  ${sign}${seen}`)
  }
}

const all = plans.reduce((sum, { planned }) => sum + planned, 0)
const different = findings.filter(({ isExpected }) => !isExpected)
const repeated = findings.filter(({ tries }) => tries > 1)
const longest = (name) => findings.reduce((most, each) => Math.max(most, each[name]), 0).toFixed(1)
console.log(`
fault matrix: ${findings.length} cells of ${all}, ${findings.length - different.length} as expected, ${different.length} different
  longest overshoot of a deadline: ${longest('toldMs')} ms; with the lateness of our own timer: ${longest('dueMs')} ms
  repeated because we stood still or were too slow ourselves: ${repeated.length}`)
process.exitCode = different.length === 0 && findings.length === all ? 0 : 1
