// Bundles the commands into dist/: one entry a command, what they share in chunks, licences beside them.
//
// usage: build.mjs [DIRECTORY]     (in place of dist/)
import { build } from 'esbuild'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pageFiles } from './page-files.mjs'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const out = resolve(process.argv[2] ?? join(root, 'dist'))

rmSync(out, { recursive: true, force: true })
const entries = readdirSync(join(root, 'src/cli/commands'))
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(
    entries.map((file) => [file.replace(/\.ts$/, ''), `src/cli/commands/${file}`]),
  ),
  outdir: out,
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Names stay, for who reads a stack in a log. Keeping them beside short ones costs memory and time.
  minifyWhitespace: true,
  minifySyntax: true,
  metafile: true,
  define: {
    CLP_FSMON_VERSION: JSON.stringify(version),
    CLP_FSMON_PAGE: JSON.stringify(await pageFiles()),
  },
  // The dependencies are CommonJS and ask for Node's own modules with require().
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  legalComments: 'none',
})
writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), notices(metafile))

/** The licence of every package of which something went into the bundle. */
function notices({ inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap(
      (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
    ),
  )
  return [...packages]
    .toSorted()
    .map((name) => {
      const folder = join(root, 'node_modules', name)
      const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
      const text =
        file === undefined ? readmeLicence(folder) : readFileSync(join(folder, file), 'utf8')
      return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`
    })
    .join(`\n${'-'.repeat(72)}\n\n`)
}

function readmeLicence(folder) {
  const readme = join(folder, 'README.md')
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
  const start = text.search(/^#+\s*licen[cs]e/im)
  if (start < 0) throw new Error(`no licence text in ${folder}`)
  return text.slice(start)
}
