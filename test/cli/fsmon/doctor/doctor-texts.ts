import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadDoctorTexts } from '../../../../src/cli/fsmon/doctor/doctor-texts.ts'

type Words = { text: string; remedy?: string; command?: string }
type Found = Readonly<Record<string, Readonly<Record<string, Words>>>>

const places = (text = '') => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted()

t.test(
  'both languages have the same findings, with the same open places and commands',
  async (t) => {
    const [en, ja] = [await loadDoctorTexts('en'), await loadDoctorTexts('ja')]
    t.strictSame(Object.keys(ja.steps), Object.keys(en.steps))
    const [english, japanese]: Found[] = [en.found, ja.found]
    t.strictSame(Object.keys(japanese ?? {}), Object.keys(english ?? {}))
    for (const [step, findings] of Object.entries(english ?? {})) {
      t.strictSame(Object.keys(japanese?.[step] ?? {}), Object.keys(findings), step)
      for (const [what, words] of Object.entries(findings)) {
        const other = japanese?.[step]?.[what]
        t.strictSame(places(other?.text), places(words.text), `${step}.${what}`)
        t.strictSame(places(other?.remedy), places(words.remedy), `${step}.${what}`)
        t.equal(other?.command, words.command, `${step}.${what}`)
      }
    }
  },
)

t.test('there are words for everything that the steps can find', async (t) => {
  const root = join(import.meta.dirname, '../../../../src')
  const { found } = await loadDoctorTexts('en')
  const known = new Set(Object.values(found).flatMap((findings) => Object.keys(findings)))
  for (const directory of ['doctor', 'cli/fsmon/doctor']) {
    for (const name of readdirSync(join(root, directory))) {
      const text = readFileSync(join(root, directory, name), 'utf8')
      for (const [, what = ''] of text.matchAll(/what: '([^']+)'/g)) {
        t.ok(known.has(what), `${name}: ${what}`)
      }
    }
  }
})

t.test('whatever is amiss has a remedy', async (t) => {
  const { found } = await loadDoctorTexts('en')
  for (const what of ['notRoot', 'mode', 'none', 'wrong', 'notFound', 'noShare', 'record']) {
    const words = Object.values<Readonly<Record<string, Words>>>(found)
      .map((findings) => findings[what])
      .find((one) => one?.remedy !== undefined)
    t.ok(words?.remedy, what)
  }
})
