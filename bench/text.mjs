import { tables } from './tables.mjs'

/** The tables of a run, for a terminal. */
export function text(run) {
  const parts = tables(run).map(({ title, headings, rows }) => {
    const widths = headings.map((heading, i) =>
      Math.max(...[heading, ...rows.map((row) => row[i])].map(width)),
    )
    const line = (row) =>
      row
        .map((cell, i) => padded(cell, widths[i], i))
        .join('  ')
        .trimEnd()
    return `${title}\n${[headings, ...rows].map((row) => `  ${line(row)}\n`).join('')}`
  })
  return `${parts.join('\n')}\n${remarks(run).join('\n')}\n`
}

/** What is to be known beside the figures. */
export function remarks({ machine, quick, missing }) {
  const { at, cpus, model, kernel, node, load } = machine
  return [
    `${at}${quick ? ', --quick' : ''}: ${cpus} × ${model}, Linux ${kernel}, Node ${node}, load average ${load.join(' then ')}`,
    ...missing.map(({ what, why }) => `not to be had: ${what}: ${why}`),
  ]
}

function padded(cell, to, column) {
  const space = ' '.repeat(Math.max(0, to - width(cell)))
  return column === 0 || /[a-z]{3}/.test(cell) ? cell + space : space + cell
}

function width(cell) {
  return [...cell].length
}
