import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const limitMs = 60_000

/** A directory in place of the root, with a license: monitors start in there. */
export async function licensedRoot(bin) {
  const root = await mkdtemp(join(tmpdir(), 'root-'))
  await run(join(bin, 'clplcnsc'), ['--community'], { env: environment(root) })
  return root
}

/** What a product's command is to have in its environment. */
export function environment(root) {
  return { ...process.env, CLP_FSMON_ROOT: root, CLP_FSMON_PASSWORD: 'Lab-Pass1', LANG: 'C' }
}

/** A monitor that has had its first success. */
export async function startMonitor({ bin, root, command, id, argv }) {
  const env = environment(root)
  const child = spawn(join(bin, command), [id, ...argv], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => {
    child.on('exit', (status) => resolve({ status, at: performance.now(), date: Date.now() }))
  })
  let said = ''
  await new Promise((resolve, reject) => {
    const timer = setTimeout(reject, limitMs, new Error(`${command} gives no alert 2`))
    child.on('error', reject)
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes(' 2 INFO ')) resolve(clearTimeout(timer))
    })
    child.on('exit', () => reject(new Error(`${command} ended: ${said}`)))
  })
  return {
    pid: child.pid,
    /** resolves with its exit status, and when that was */
    ended,
    /** its record as it stands */
    record: () => JSON.parse(readFileSync(join(root, 'run/clp-fsmon', `${id}.json`), 'utf8')),
    stop: () => run(join(bin, command), [id, '-stop'], { env, timeout: limitMs }),
    kill: () => child.kill('SIGKILL'),
  }
}

/** Waits at most so long as anything here may take. */
export function within(promise, complaint) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, limitMs, new Error(complaint))
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
