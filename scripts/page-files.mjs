// The files of the page as the build writes them into the server: named as they are asked for, the modules in one,
// which a browser has sooner than ten, and without the blanks that only who writes them needs.
import { build, transform } from 'esbuild'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const minify = { minifyWhitespace: true, minifySyntax: true }

/** The files by their names. */
export async function pageFiles() {
  const place = join(root, 'src/serve/page')
  const files = {}
  for (const name of readdirSync(place).toSorted()) {
    if (name.endsWith('.js')) continue
    files[name] = await smaller(name, readFileSync(join(place, name), 'utf8'))
  }
  files['page.js'] = await inOne(join(place, 'page.js'))
  for (const language of ['en', 'ja']) {
    const text = readFileSync(join(root, 'messages', `page.${language}.json`), 'utf8')
    files[`${language}.json`] = JSON.stringify(JSON.parse(text))
  }
  return files
}

async function smaller(name, text) {
  if (name.endsWith('.html')) return withoutBlanks(text.replace(/<link rel="modulepreload".*/g, ''))
  if (!name.endsWith('.css')) return withoutBlanks(text)
  const { code } = await transform(text, { loader: 'css', ...minify })
  return code
}

async function inOne(file) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    write: false,
    ...minify,
  })
  return outputFiles[0].text
}

function withoutBlanks(text) {
  return text.replace(/\n\s+/g, '\n')
}
