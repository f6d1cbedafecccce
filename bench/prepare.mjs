import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { progress } from './progress.mjs'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const minutes = (count) => ({ timeout: count * 60_000, maxBuffer: 2 ** 26 })

/** What Debian has that is compared with, beside what the lab itself needs. */
const packages = {
  'libsmbclient-dev': 'the C client of Samba',
  'libnfs-dev': 'the C client of NFS',
  'libnfs-utils': 'nfs-ls',
  'monitoring-plugins-standard': 'check_disk_smb',
  smbclient: 'smbclient',
  rpcbind: 'rpcinfo',
  'nfs-common': 'showmount',
}

const programs = {
  once: [],
  'smbclient-loop': ['-I/usr/include/samba-4.0', '-lsmbclient'],
  'libnfs-loop': ['-lnfs'],
}

/** Gets everything that is measured or measured with; what could not be had is in `missing`. */
export async function prepare(work, { install, isInWorld }) {
  const missing = []
  if (install) await installPackages(missing)
  // Tests that run beside this one in their world have the built product in use.
  if (!isInWorld) await buildProduct()
  const has = {}
  for (const [name, flags] of Object.entries(programs)) {
    await compile(work, name, flags, has, missing)
  }
  if (!has.once) throw new Error('without a C compiler nothing can be measured; install gcc')
  await bundle(work)
  const plugin = '/usr/lib/nagios/plugins/check_disk_smb'
  if (existsSync(plugin)) has.check_disk_smb = plugin
  else if (!install) missing.push({ what: 'check_disk_smb', why: 'it is not installed' })
  return {
    build: work,
    bin: join(root, 'bin'),
    node: process.execPath,
    flags: await nodeFlags(),
    has,
    peers: await findPeers(work, install, missing),
    missing,
    versions: await versions(),
    installedBytes: await installedBytes(),
  }
}

async function buildProduct() {
  progress('builds the product')
  await run('npm', ['run', '--silent', 'build'], { cwd: root, ...minutes(2) })
}

/** What the commands give to Node in their first line, so that what is measured in process has it too. */
async function nodeFlags() {
  const [first] = (await readFile(join(root, 'bin/clp_sambamon'), 'utf8')).split('\n')
  return /\bnode((?: +--\S+)*)/.exec(first)?.[1].trim().split(/ +/).filter(Boolean) ?? []
}

async function installPackages(missing) {
  progress('Debian packages')
  try {
    await run(join(root, 'scripts/install-packages'), [], minutes(10))
  } catch (error) {
    missing.push({ what: "the lab's packages", why: lastLine(error) })
  }
  const wanted = []
  for (const name of Object.keys(packages)) if (!(await isInstalled(name))) wanted.push(name)
  if (wanted.length === 0) return
  const apt = { ...minutes(5), env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  await run('apt-get', ['update', '-qq'], apt).catch(() => {})
  for (const name of wanted) {
    try {
      await run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', name], apt)
    } catch (error) {
      missing.push({ what: `${name} (${packages[name]})`, why: lastLine(error) })
    }
  }
}

async function isInstalled(name) {
  try {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name])
    return stdout === 'installed'
  } catch {
    return false
  }
}

async function compile(work, name, flags, has, missing) {
  progress(`compiles ${name}`)
  const source = join(import.meta.dirname, 'c', `${name}.c`)
  try {
    await run(
      'gcc',
      ['-O2', '-Wall', '-Wextra', '-o', join(work, name), source, ...flags],
      minutes(1),
    )
    has[name] = true
  } catch (error) {
    missing.push({ what: `${name}, a C program`, why: firstError(error) })
  }
}

/** As the product is bundled, so that it starts as fast. */
async function bundle(work) {
  const from = join(import.meta.dirname, 'contestants')
  const names = ['probe-loop', 'npm-smb2', 'records', 'watches']
  await build({
    entryPoints: names.map((name) => join(from, `${name}.ts`)),
    outdir: work,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    logLevel: 'error',
  })
}

/** The packages of npm, each with its folder; they are bench/package.json's own. */
async function findPeers(work, install, missing) {
  const require = createRequire(import.meta.url)
  const { dependencies, optionalDependencies } = require('./package.json')
  const modules = join(import.meta.dirname, 'node_modules')
  const names = Object.keys(dependencies)
  let why = 'it is not installed'
  if (install && !names.every((name) => existsSync(join(modules, name)))) {
    progress('npm packages')
    try {
      await run('npm', ['ci', '--no-audit', '--no-fund'], {
        cwd: import.meta.dirname,
        ...minutes(4),
      })
    } catch (error) {
      why = firstError(error)
    }
  }
  const peers = {}
  for (const name of names) {
    if (existsSync(join(modules, name)))
      peers[`${name} ${dependencies[name]}`] = join(modules, name)
    else missing.push({ what: `${name}, of npm`, why })
  }
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (existsSync(join(modules, name))) await tryLoading(join(modules, name), missing)
    else
      missing.push({
        what: `${name} ${version}, of npm`,
        why: install ? await whyNot(work, `${name}@${version}`) : why,
      })
  }
  return peers
}

/** npm is silent about an optional dependency that does not install; so it is asked for once more by name. */
async function whyNot(work, spec) {
  progress(`tries to install ${spec}`)
  const argv = [
    'install',
    '--prefix',
    join(work, 'try'),
    '--no-save',
    '--no-audit',
    '--no-fund',
    spec,
  ]
  try {
    await run('npm', argv, { cwd: work, ...minutes(3) })
    return 'it installs by itself, but not among the others'
  } catch (error) {
    return `does not install on Node ${process.versions.node}: ${firstError(error)}`
  }
}

async function tryLoading(folder, missing) {
  try {
    await run(process.execPath, ['-e', `require(${JSON.stringify(folder)})`], minutes(1))
    missing.push({
      what: folder.split('/').at(-1),
      why: 'it installs and loads, which is new: it should be measured',
    })
  } catch (error) {
    missing.push({
      what: folder.split('/').at(-1),
      why: `installs, does not load: ${firstError(error)}`,
    })
  }
}

async function versions() {
  const found = { node: process.versions.node }
  for (const name of ['samba', 'nfs-ganesha', ...Object.keys(packages)]) {
    const { stdout } = await run('dpkg-query', ['-W', '-f', '${Version}', name]).catch(() => ({
      stdout: '',
    }))
    if (stdout !== '') found[name] = stdout
  }
  return found
}

/** As npm would unpack it, with what is compiled when it is installed. */
async function installedBytes() {
  const argv = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = await run('npm', argv, { cwd: root, ...minutes(1) })
  const dist = join(root, 'dist')
  const compiled = readdirSync(dist).filter((name) => name.endsWith('.cache'))
  return compiled.reduce(
    (sum, name) => sum + statSync(join(dist, name)).size,
    JSON.parse(stdout)[0].unpackedSize,
  )
}

function firstError({ stderr = '', message }) {
  const lines = stderr.split('\n')
  const telling = [/command not found/, /not found|fatal|[Ee]rror:/, /error/i]
  const found = telling.map((pattern) => lines.find((line) => pattern.test(line))).find(Boolean)
  return shortened((found ?? message).replace(/^npm (error|ERR!)\s*(gyp ERR! )?(stack )?/, ''))
}

function lastLine({ stderr = '', message }) {
  return shortened((stderr.trim() || message).split('\n').at(-1))
}

/** Where things lie on this machine is of no interest. */
function shortened(line) {
  return line
    .replaceAll(/\/(?:[\w.@+-]+\/)+/g, '')
    .trim()
    .slice(0, 200)
}
