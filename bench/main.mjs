// Measures the product beside others: npm run bench; see options.mjs for what it is told.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge } from './aims.mjs'
import { bareEnvironment } from './bare-environment.mjs'
import { encodeRun } from './encode-run.mjs'
import { readOptions } from './options.mjs'
import { prepare } from './prepare.mjs'
import { progress } from './progress.mjs'
import { text } from './text.mjs'

/** The longest that a whole run may take. */
const limitMs = 20 * 60_000

let measuring
let interrupted

const options = readOptions(process.argv.slice(2))
if (options.show !== undefined) {
  process.stdout.write(options.show)
} else if (options.wrong !== undefined) {
  process.stderr.write(`bench: ${options.wrong}; see npm run bench -- --help\n`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = show(options.from === undefined ? await measured() : earlier(options.from))
  } catch (error) {
    process.stderr.write(`bench: could not be measured: ${error.message}\n`)
    process.exitCode = 3
  }
}

function earlier(file) {
  const run = JSON.parse(readFileSync(file, 'utf8'))
  if (run.version !== 1) throw new Error(`${file} is not of this version of the benchmark`)
  return run
}

function show(run) {
  // First what took so long to get: whoever reads the rest may go away.
  if (options.json !== undefined) writeFileSync(options.json, encodeRun(run))
  process.stdout.on('error', () => {})
  process.stdout.write(text(run))
  const short = judge(run).filter(({ met }) => met === false)
  for (const failure of run.failures) {
    process.stdout.write(`could not be measured: ${failure}\n`)
  }
  if (run.failures.length > 0) return 3
  if (short.length === 0) {
    process.stdout.write('every aim that was measured is met\n')
    return 0
  }
  process.stdout.write(`short of their aim: ${short.map(({ id }) => id).join(', ')}\n`)
  return 1
}

async function measured() {
  if (process.getuid() !== 0) throw new Error('the lab needs root')
  const isInWorld = process.env.CLP_FSMON_LAB !== undefined
  // The directory of a world for temporary files is not to be seen in another one.
  const work = mkdtempSync(join(isInWorld ? '/tmp' : tmpdir(), 'clp-fsmon-bench-'))
  const tidy = () => rmSync(work, { recursive: true, force: true })
  process.on('exit', tidy)
  listenForInterruption()
  // From within a world nothing can be reached that could be installed.
  const plan = await prepare(work, { install: options.install && !isInWorld, isInWorld })
  const [planFile, outputFile] = [join(work, 'plan.json'), join(work, 'run.json')]
  const { quick, only } = options
  writeFileSync(planFile, JSON.stringify({ plan, quick, only }))
  const measure = [process.execPath, join(import.meta.dirname, 'measure.mjs'), planFile, outputFile]
  const lab = join(import.meta.dirname, '../scripts/lab')
  // Of its own even in a world, for connections are counted and ports are freed at once.
  await runToEnd([lab, 'run', ...measure])
  return JSON.parse(readFileSync(outputFile, 'utf8'))
}

async function runToEnd([command, ...argv]) {
  const env = bareEnvironment(process.env)
  measuring = spawn(command, argv, { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const timer = setTimeout(() => measuring.kill(), limitMs)
  const status = await new Promise((resolve, reject) => {
    measuring.on('error', reject)
    measuring.on('exit', (code, signal) => resolve(code ?? signal))
  })
  clearTimeout(timer)
  progress('')
  if (interrupted !== undefined) process.exit(interrupted)
  if (status !== 0) throw new Error(`the measuring ended with ${status}`)
}

/** An interruption ends first what is under way in the lab, so that nothing is left of either. */
function listenForInterruption() {
  for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
    process.on(signal, () => {
      interrupted = 128 + number
      if (measuring === undefined) process.exit(interrupted)
      measuring.kill('SIGTERM')
    })
  }
}
