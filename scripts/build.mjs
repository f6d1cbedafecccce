// Builds the commands into dist/: their parts, those that are used together in one file, a loader that knows which part
// is where, what this Node compiles them to, and licences.
//
// usage: build.mjs [--no-precompile] [DIRECTORY]     (in place of dist/)
import { build, transform } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { minify as mangle } from 'terser'
import { partOf } from './build.d/part.mjs'
import { pageFiles } from './page-files.mjs'

/** As src/cli/program-loader.ts has it: some parts are seldom asked for, and a megabyte is all there is. */
const packedEnding = '.br'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { values, positionals } = parseArgs({
  options: { 'no-precompile': { type: 'boolean' } },
  allowPositionals: true,
})
const out = resolve(positionals[0] ?? join(root, 'dist'))

/** What is used together, by where it is loaded from: parts that are in the same of these share a file. */
const occasions = {
  samba: [
    'src/cli/commands/clp_sambamon.ts',
    'src/cli/monitor/monitor-main.ts',
    'src/cli/monitor/watch-monitor.ts',
    'src/cli/monitor/check-once.ts',
    'src/probe/samba.ts',
    'src/smb/auth/credentials.ts',
    'messages/cli.en.json',
  ],
  nfs: [
    'src/cli/commands/clp_nfsmon.ts',
    'src/cli/monitor/monitor-main.ts',
    'src/cli/monitor/watch-monitor.ts',
    'src/cli/monitor/check-once.ts',
    'src/probe/nfs.ts',
    'messages/cli.en.json',
  ],
  control: [
    'src/cli/commands/clp_sambamon.ts',
    'src/cli/commands/clp_nfsmon.ts',
    'src/cli/monitor/monitor-main.ts',
    'src/cli/monitor/control-monitor.ts',
    'messages/cli.en.json',
  ],
  fsmon: ['src/cli/commands/clp_fsmon.ts', 'messages/cli.en.json'],
  license: ['src/cli/commands/clplcnsc.ts', 'messages/license.en.json'],
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const minify = {
  // Names of functions stay, for who reads a stack in a log; of what is within them, terser makes short ones.
  // Esbuild has only short ones for all of them, and keeping the long ones beside those costs memory and time.
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  legalComments: 'none',
}
const shared = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20' }
const entries = readdirSync(join(root, 'src/cli/commands'))
const { metafile, outputFiles } = await build({
  ...shared,
  entryPoints: Object.fromEntries(
    entries.map((file) => [file.replace(/\.ts$/, ''), `src/cli/commands/${file}`]),
  ),
  outdir: out,
  splitting: true,
  chunkNames: '[hash]',
  format: 'esm',
  metafile: true,
  write: false,
  define: {
    CLP_FSMON_VERSION: JSON.stringify(version),
    // A text, and not an object: of that every part would have a share.
    CLP_FSMON_PAGE: JSON.stringify(JSON.stringify(await pageFiles())),
    // Only what runs from the sources asks where it is.
    'import.meta.url': '""',
  },
  legalComments: 'none',
})
await build({
  ...shared,
  ...minify,
  entryPoints: ['src/cli/built-start.ts'],
  outfile: join(out, 'start.cjs'),
  format: 'cjs',
  define: { CLP_FSMON_PARTS: JSON.stringify(await writeParts()) },
})
await build({
  ...shared,
  ...minify,
  entryPoints: ['src/cli/built-precompile.ts'],
  outfile: join(out, 'precompile.cjs'),
  format: 'cjs',
  define: {
    CLP_FSMON_KEPT: JSON.stringify(kept()),
  },
})
if (values['no-precompile'] !== true) execFileSync(process.execPath, [join(out, 'precompile.cjs')])
writeFileSync(join(out, 'THIRD-PARTY-NOTICES.txt'), notices(metafile))

/** The files of what monitors are started for; the other commands have no hurry that would be worth the room. */
function kept() {
  return readdirSync(out).filter((name) => /^samba\b.*\.parts\.cjs$/.test(name))
}

/** The name of the file of the parts that are used on some occasions; those that nobody hurries for are packed. */
function fileName(used) {
  const isHurried = used.some((occasion) => ['samba', 'nfs', 'control'].includes(occasion))
  return `${used.join('-')}.parts.cjs${isHurried ? '' : packedEnding}`
}

/** Writes the files of parts; tells which parts are in each. */
async function writeParts() {
  const chunks = new Map(
    Object.entries(metafile.outputs).map(([path, about]) => [basename(path), about]),
  )
  const occasionsOf = new Map([...chunks.keys()].map((name) => [name, []]))
  for (const [occasion, sources] of Object.entries(occasions)) {
    const found = new Set()
    for (const source of sources) {
      const start = [...chunks].find(([, { entryPoint }]) => entryPoint === source)
      if (start === undefined) throw new Error(`there is no part of ${source}`)
      collect(start[0], chunks, found)
    }
    for (const name of found) occasionsOf.get(name).push(occasion)
  }
  const files = new Map()
  for (const { path, text } of outputFiles) {
    const name = basename(path)
    const used = occasionsOf.get(name)
    const file =
      used.length === 0 ? `${name.replace(/\.js$/, '')}.cjs${packedEnding}` : fileName(used)
    files.set(file, [...(files.get(file) ?? []), { name, text }])
  }
  const partsIn = {}
  for (const [file, parts] of files) {
    const list = []
    for (const { name, text } of parts) list.push(`${JSON.stringify(name)}:${await small(text)}`)
    const text = `({${list.join(',')}})\n`
    writeFileSync(join(out, file), file.endsWith(packedEnding) ? brotliCompressSync(text) : text)
    partsIn[file] = parts.map(({ name }) => name).join(' ')
  }
  return partsIn
}

/** A part in the form in which it is loaded. */
async function small(chunk) {
  // A function that nobody takes would be minified to nothing.
  const { code } = await transform(`part = ${partOf(chunk)}`, minify)
  const { code: mangled } = await mangle(code, {
    compress: false,
    mangle: { keep_fnames: true, keep_classnames: true },
    format: { ascii_only: true },
  })
  // In brackets V8 compiles it at once, for it is called as soon as it is there.
  return `(${mangled.replace(/^part=(.*?);?\s*$/s, '$1')})`
}

/** A part, and everything that it loads at once. */
function collect(name, chunks, found) {
  if (found.has(name)) return
  found.add(name)
  for (const { path, kind, external } of chunks.get(name).imports) {
    if (external !== true && kind === 'import-statement') collect(basename(path), chunks, found)
  }
}

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
