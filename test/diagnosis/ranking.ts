import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ranking } from '../../src/diagnosis/ranking.ts'
import { loadDiagnosisTexts } from '../../src/cli/diagnosis/diagnosis-texts.ts'

const keys = Object.keys(ranking)

t.test('the table is in the order of its weights, and each cause has its text', async (t) => {
  const weights = Object.values(ranking)
  t.strictSame(
    weights,
    weights.toSorted((a, b) => b - a),
  )
  for (const language of ['en', 'ja'] as const) {
    const { cause } = await loadDiagnosisTexts(language)
    t.strictSame(Object.keys(cause).toSorted(), keys.toSorted(), language)
  }
})

for (const page of ['docs/care.md', 'docs/ja/care.md']) {
  t.test(`${page} has the same table`, async (t) => {
    const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8')
    const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| +(\d+) +\|/gm)]
    t.strictSame(
      Object.fromEntries(rows.map(([, key = '', weight]) => [key, Number(weight)])),
      ranking,
    )
  })
}
