// Writes the figures of bench/last-run.json into docs/performance.md, or with --check only looks: page [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { tables } from './tables.mjs'
import { remarks } from './text.mjs'

const root = join(import.meta.dirname, '..')
const page = join(root, 'docs/performance.md')
const [begin, end] = ['<!-- figures: begin -->', '<!-- figures: end -->']

const run = JSON.parse(readFileSync(join(root, 'bench/last-run.json'), 'utf8'))
const parts = tables(run).map(({ title, headings, rows }) => {
  const lines = [
    headings,
    headings.map((heading, i) => (i === 0 || heading === '' ? '---' : '--:')),
    ...rows,
  ]
  return `### ${title}\n\n${lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n')}\n`
})
const figures = `${remarks(run)
  .map((line) => `- ${escaped(line)}\n`)
  .join('')}\n${parts.join('\n')}`

const before = readFileSync(page, 'utf8')
const [head, rest] = before.split(begin)
const [, tail] = rest.split(end)
const config = await resolveConfig(page)
const after = await format(`${head}${begin}\n\n${figures}\n${end}${tail}`, {
  ...config,
  parser: 'markdown',
})
if (process.argv[2] !== '--check') {
  writeFileSync(page, after)
} else if (after !== before) {
  process.stderr.write(
    'docs/performance.md is not what bench/last-run.json says; run bench/page.mjs\n',
  )
  process.exitCode = 1
}

function escaped(text) {
  return text.replaceAll(/[|<*]/g, '\\$&')
}
