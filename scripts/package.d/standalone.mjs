// Makes Node and the commands one executable (Node's single executable application).
//
// usage: standalone.mjs [--node PATH] [--node-license FILE] OUTPUT-DIRECTORY
//
// Writes clp-fsmon-node and NODE-LICENSE to the directory, and the architecture as Node names it to
// standard output. The same sources, Node and strip(1) give the same bytes.
import { build } from 'esbuild'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { inject } from 'postject'
import { pageFiles } from '../page-files.mjs'

const root = join(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { values, positionals } = parseArgs({
  options: { node: { type: 'string' }, 'node-license': { type: 'string' } },
  allowPositionals: true,
})
const [out] = positionals
if (out === undefined) fail('takes an output directory')
const node = realpathSync(values.node ?? process.execPath)
const license = values['node-license'] ?? licenseBeside(node)
if (license === undefined || !existsSync(license))
  fail(`found no LICENSE of ${node}, which has to go with it; name it with --node-license FILE`)
const { arch, major } = JSON.parse(
  run(node, ['-p', 'JSON.stringify({arch:process.arch,major:parseInt(process.versions.node)})']),
)
if (major < 20) fail(`${node} is Node ${major}; 20 is the oldest`)

const work = mkdtempSync(join(tmpdir(), 'clp-fsmon-standalone-'))
const executable = join(out, 'clp-fsmon-node')
try {
  mkdirSync(out, { recursive: true })
  const program = await bundle()
  // Symbols and debugging information are a tenth of Node; but not every binary survives strip(1).
  const smaller = strip()
  if (!(smaller !== undefined && (await make(smaller, program))) && !(await make(node, program)))
    fail(`what was made of ${node} does not run`)
  copyFileSync(license, join(out, 'NODE-LICENSE'))
  process.stdout.write(`${arch}\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

function fail(why) {
  process.stderr.write(`standalone: ${why}\n`)
  process.exit(1)
}

function run(file, argv) {
  return execFileSync(file, argv, { encoding: 'utf8', env: cleanEnvironment() })
}

function cleanEnvironment() {
  const env = { ...process.env, LANG: 'C' }
  delete env.NODE_OPTIONS
  return env
}

/** Where the archives and the npm packages of Node have it, and where the Debian packages do. */
function licenseBeside(binary) {
  const prefix = join(dirname(binary), '..')
  return ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/node/LICENSE']
    .map((name) => join(prefix, name))
    .find((file) => existsSync(file))
}

/** One file of CommonJS, in which what is loaded late is still evaluated late. */
async function bundle() {
  const outfile = join(work, 'clp-fsmon.cjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/standalone.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    // Within such an executable import() finds nothing, and require() only what is Node's own.
    supported: { 'dynamic-import': false },
    define: {
      CLP_FSMON_VERSION: JSON.stringify(version),
      CLP_FSMON_PAGE: JSON.stringify(JSON.stringify(await pageFiles())),
    },
    // Only what runs from the sources asks where it is.
    logOverride: { 'empty-import-meta': 'silent' },
    legalComments: 'none',
  })
  return outfile
}

function strip() {
  const file = join(work, 'stripped')
  copyFileSync(node, file)
  chmodSync(file, 0o755)
  return spawnSync('strip', [file]).status === 0 && worksAsNode(file) ? file : undefined
}

function worksAsNode(file) {
  const argv = ['-p', "require('node:crypto').createHash('sha256').update('').digest('hex')"]
  const { status, stdout } = spawnSync(file, argv, { encoding: 'utf8', env: cleanEnvironment() })
  return status === 0 && stdout.startsWith('e3b0c44298fc1c14')
}

/** Puts the program into a Node, and says whether all the commands then answer. */
async function make(base, program) {
  const blob = join(work, 'sea.blob')
  const builds = run(node, ['--help']).includes('--build-sea')
  const options = {
    // Relative, for the executable remembers it as it is written here.
    main: basename(program),
    output: builds ? resolve(executable) : blob,
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    ...(builds ? { executable: base } : {}),
  }
  writeFileSync(join(work, 'sea.json'), JSON.stringify(options))
  // The cache of compiled code has a seed in it; any will do, as long as it is the same one.
  const seed = '--random-seed=1'
  const how = builds ? '--build-sea' : '--experimental-sea-config'
  const stdio = ['ignore', 'ignore', 'pipe']
  execFileSync(node, [seed, how, 'sea.json'], { cwd: work, env: cleanEnvironment(), stdio })
  if (!builds) {
    copyFileSync(base, executable)
    chmodSync(executable, 0o755)
    await quietly(async () =>
      inject(executable, 'NODE_SEA_BLOB', readFileSync(blob), {
        sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2',
      }),
    )
  }
  chmodSync(executable, 0o755)
  return ['clp_sambamon', 'clp_nfsmon', 'clp_fsmon', 'clplcnsc'].every((command) => {
    const said = spawnSync(executable, [command, '--version'], {
      encoding: 'utf8',
      env: cleanEnvironment(),
    })
    return said.status === 0 && said.stdout.startsWith(`${command} `) && said.stderr === ''
  })
}

/** The ELF library tells of every note of Node's that it cannot name. */
async function quietly(action) {
  const { warn, error, log } = console
  console.warn = console.error = console.log = () => {}
  try {
    await action()
  } finally {
    Object.assign(console, { warn, error, log })
  }
}
