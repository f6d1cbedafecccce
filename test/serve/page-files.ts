import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { pageFiles, pageFileTypes } from '../../src/serve/page-files.ts'

const root = join(import.meta.dirname, '../..')
const place = join(root, 'src/serve/page')

t.test('every file of the page is served, and nothing else', async (t) => {
  const names = Object.keys(pageFileTypes).filter((name) => !name.endsWith('.json'))
  t.strictSame(names.toSorted(), readdirSync(place).toSorted())
  const files = pageFiles()
  t.match(files.get('/'), { status: 200, type: /html/, headers: { ETag: /^".+"$/ } })
  t.match(files.get('/page/ja.json')?.body, /監視/)
  t.equal(files.get('/page/index.html'), undefined)
})

t.test('what the build has written in is served in place of the sources', async (t) => {
  const built = Object.fromEntries(
    Object.keys(pageFileTypes).map((name) => [name, `built ${name}`]),
  )
  t.equal(pageFiles(JSON.stringify(built)).get('/page/page.js')?.body, 'built page.js')
})

t.test('the build makes one file of the modules, and names no other', async (t) => {
  const { pageFiles: build }: { pageFiles: () => Promise<Record<string, string>> } = await import(
    pathToFileURL(join(root, 'scripts/page-files.mjs')).href
  )
  const built = await build()
  t.same(
    Object.keys(built).filter((name) => name.endsWith('.js')),
    ['page.js'],
  )
  t.notMatch(built['page.js'], /^\s*import\b/m)
  t.notMatch(built['index.html'], /modulepreload/)
  const served = pageFiles(JSON.stringify(built))
  t.same(
    [...served.keys()].toSorted(),
    ['/', ...Object.keys(built).map((name) => `/page/${name}`)]
      .filter((path) => path !== '/page/index.html')
      .toSorted(),
  )
})

t.test(
  'the page names nothing from elsewhere, and has no script or style of its own within it',
  async (t) => {
    for (const name of readdirSync(place)) {
      const text = readFileSync(join(place, name), 'utf8')
      t.notMatch(text.replaceAll('http://www.w3.org/2000/svg', ''), /https?:\/\//, name)
      t.notMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/, name)
    }
    const html = readFileSync(join(place, 'index.html'), 'utf8')
    t.notMatch(html, /<style|style=|\son\w+=|<script(?![^>]*\bsrc=)/)
  },
)

t.test('every text that the page shows is there, in both languages', async (t) => {
  const keysOf = (value: object, start = ''): string[] =>
    Object.entries(value).flatMap(([name, each]: [string, unknown]) =>
      typeof each === 'object' && each !== null ? keysOf(each, `${start}${name}.`) : [start + name],
    )
  const texts = (language: string): object =>
    JSON.parse(readFileSync(join(root, `messages/page.${language}.json`), 'utf8')) as object
  const known = keysOf(texts('en'))
  t.strictSame(keysOf(texts('ja')), known)
  const sources = readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'))
  const used = sources
    .flatMap((text) =>
      Array.from(text.matchAll(/(?:\btext\('|data-(?:text|label)=")([\w.-]+)['"]/g)),
    )
    .map(([, key = '']) => key)
  t.ok(used.length > 40)
  for (const key of new Set(used)) t.ok(known.includes(key), key)
  t.ok(existsSync(place))
})
