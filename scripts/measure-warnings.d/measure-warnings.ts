import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measured, row } from '../../test/helpers/trend/table.ts'

const rows = measured().map(row)
if (process.argv[2] === '--check') {
  for (const page of ['docs/care.md', 'docs/ja/care.md']) {
    const lines = readFileSync(join(import.meta.dirname, '../..', page), 'utf8').split('\n')
    const missing = rows.filter((each) => !lines.includes(each))
    for (const each of missing) process.stderr.write(`${page} has not: ${each}\n`)
    if (missing.length > 0) process.exitCode = 1
  }
} else {
  process.stdout.write(`${rows.join('\n')}\n`)
}
