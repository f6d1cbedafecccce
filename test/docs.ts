import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { pageBlocks } from './helpers/page-blocks.ts'

const root = join(import.meta.dirname, '..')

t.test('the pages about alerts say what the messages say', async (t) => {
  const argv = ['-u', 'NODE_OPTIONS', process.execPath, join(root, 'scripts/alert-pages.mjs')]
  t.doesNotThrow(() => execFileSync('env', [...argv, '--check'], { stdio: 'pipe' }))
})

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name))

/** The anchor that a heading has where the pages are shown. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

for (const page of [...pages, 'README.md', 'CONTRIBUTING.md']) {
  t.test(`every link of ${page} leads somewhere`, async (t) => {
    const text = readFileSync(join(root, page), 'utf8')
    for (const [, target = '', part] of text.matchAll(/\]\(([^):#]*)(?:#([^)]+))?\)/g)) {
      const file = target === '' ? join(root, page) : join(root, dirname(page), target)
      t.ok(existsSync(file), target)
      if (part === undefined) continue
      const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)
      t.ok([...headings].map(([, heading = '']) => anchor(heading)).includes(part), part)
    }
  })
}

t.test('the page about cluster managers has the same commands in both languages', async (t) => {
  const commands = (page: string) =>
    Object.values(Object.fromEntries(pageBlocks(page))).map((blocks) =>
      blocks.map((block) => block.replaceAll(/ +# .*$/gm, '')),
    )
  const english = commands('clusters.md')
  t.ok(english.flat().length > 10)
  t.strictSame(commands('ja/clusters.md'), english)
})

t.test('what is there in English for operators is there in Japanese too', async (t) => {
  for (const name of [
    'manual.md',
    'moving.md',
    'alerts.md',
    'clusters.md',
    'config.md',
    'care.md',
    'many.md',
    'inventory.md',
    'guard.md',
    'seeing.md',
    'api.md',
    'care.md',
  ]) {
    const [english, japanese] = ['docs', 'docs/ja'].map((place) => {
      const text = readFileSync(join(root, place, name), 'utf8')
      return {
        headings: text.match(/^## /gm)?.length,
        items: text.match(/^(?:- |\d\. )/gm)?.length,
      }
    })
    t.strictSame(japanese, english, name)
  }
  for (const place of ['docs', 'docs/ja']) {
    const text = readFileSync(join(root, place, 'manual.md'), 'utf8')
    for (const option of ['--check', '--community', '--issue', '-disp', 'clp_fsmon report']) {
      t.match(text, option)
    }
  }
})
