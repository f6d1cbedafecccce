// The files of the page as the build writes them into the server: named as they are asked for, without
// the blanks that only who writes them needs.
import { transform } from 'esbuild'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The files by their names. */
export async function pageFiles() {
  const place = join(root, 'src/serve/page')
  const files = {}
  for (const name of readdirSync(place).toSorted()) {
    files[name] = await smaller(name, readFileSync(join(place, name), 'utf8'))
  }
  for (const language of ['en', 'ja']) {
    const text = readFileSync(join(root, 'messages', `page.${language}.json`), 'utf8')
    files[`${language}.json`] = JSON.stringify(JSON.parse(text))
  }
  return files
}

async function smaller(name, text) {
  const loader = /\.(js|css)$/.exec(name)?.[1]
  if (loader === undefined) return text.replace(/\n\s+/g, '\n')
  const format = loader === 'js' ? { format: 'esm' } : {}
  const { code } = await transform(text, {
    loader,
    ...format,
    minifyWhitespace: true,
    minifySyntax: true,
  })
  return code
}
