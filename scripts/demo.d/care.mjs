// A memory leak and a filling disk are foreseen; a frozen Samba is diagnosed, mended by the ladder and watched on, a
// second one is not and fails over; a small HTTP receiver shows what was pushed. Run inside `scripts/lab run`. Exit status: 0 all was as it should be, 1 something was not.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Monitor } from './monitor.mjs'

const root = join(import.meta.dirname, '../..')
const host = 'files'
const patienceMs = 60_000
const timing = ['-i', '1', '-c', '2', '-r', '1']
const missed = []

function tell(text) {
  console.log(`\n=== ${text}`)
}

function expect(what, seen) {
  console.log(`  ${seen ? 'seen    ' : 'NOT SEEN'} ${what}`)
  if (!seen) missed.push(what)
}

async function until(holds) {
  const endMs = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > endMs) return false
    await sleep(50)
  }
  return true
}

function lab(...args) {
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/lab'), args, {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`lab ${args.join(' ')}: ${stderr}`)
  return stdout
}

const commandLine = (command, argv) => [
  join(root, 'scripts/lab'),
  'exec',
  host,
  process.execPath,
  join(root, 'bin', command),
  ...argv,
]

/** Runs a command on the host to its end and shows what it prints. */
function run(command, ...argv) {
  console.log(`  $ ${command} ${argv.join(' ')}`)
  const [program, ...words] = commandLine(command, argv)
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  process.stdout.write(`${stdout}${stderr}`.replace(/^(?=.)/gm, '  '))
  return { status, stdout }
}

/** Takes what is pushed, and shows it. */
async function openReceiver() {
  const ids = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      const { id, level, message } = JSON.parse(body)
      console.log(`  receiver | POST ${request.url}: ${id} ${level} ${message}`)
      ids.push(id)
      response.writeHead(204).end()
    })
  })
  await new Promise((resolve) => {
    server.listen(0, '10.213.0.1', resolve)
  })
  return { url: `http://10.213.0.1:${server.address().port}/alerts`, ids, server }
}

/** Ends smbd, which stands still, by the numbers of its processes, and starts it anew. */
const restartScript = `#!/bin/sh
for name in /proc/[0-9]*/comm; do
  read -r comm <"$name" || continue
  case $comm in smbd* | cleanupd) ;; *) continue ;; esac
  pid=\${name#/proc/}
  kill -KILL "\${pid%/comm}"
done 2>/dev/null
testparm -s >/dev/null 2>&1 || { echo 'smb.conf cannot be used' >&2; exit 1; }
smbd --daemon --no-process-group
`

const configuration = (url, step) => `
[repair]
settle = 10

[[repair.step]]
name = "restart-here"
kind = "samba"
causes = ["process-stopped", "any"]
command = ["${step}"]
timeout = 20

[[sink.webhook]]
name = "demo"
url = "${url}"
`

const mib = 2 ** 20

/** The memory that programs could still have, in MiB. */
function availableMib() {
  const [, kib] = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? []
  return Math.floor(Number(kib) / 1024)
}

/** Starts a script of Node on the host; returns what ends it. */
function startOnHost(script) {
  const ending = `process.stdin.on('end', () => process.exit()).resume()`
  const words = ['exec', host, process.execPath, '-e', `${ending}\n${script}`]
  const child = spawn(join(root, 'scripts/lab'), words, { stdio: ['pipe', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.on('close', resolve))
  return async () => {
    child.stdin.end()
    await ended
  }
}

/** Takes so much more memory every half second, up to a limit, and keeps it. */
const leak = (stepMib, mostMib) => `
  const kept = []
  setInterval(() => {
    if (kept.length * ${stepMib} < ${mostMib}) kept.push(Buffer.alloc(${stepMib * mib}, 1))
  }, 500)`

/** Writes so much more into a file every half second. */
const fill = (file, stepMib) => `
  const fs = require('node:fs')
  const fd = fs.openSync(${JSON.stringify(file)}, 'w')
  const part = Buffer.alloc(${stepMib * mib}, 1)
  setInterval(() => fs.writeSync(fd, part), 500)`

const receiver = await openReceiver()
try {
  tell('A host with a real Samba, and its monitor on the same host')
  const [, address] = lab('add', host).split('\n')
  lab('start', host, 'samba')
  const directory = join(tmpdir(), 'care')
  const step = join(directory, 'restart-smbd')
  mkdirSync(directory)
  writeFileSync(step, restartScript)
  chmodSync(step, 0o755)
  writeFileSync(join(directory, 'clp-fsmon.toml'), configuration(receiver.url, step))
  lab(
    'exec',
    host,
    'install',
    '-D',
    '-m',
    '600',
    join(directory, 'clp-fsmon.toml'),
    '/etc/clp-fsmon/clp-fsmon.toml',
  )
  expect('clplcnsc --community ends with 0', run('clplcnsc', '--community').status === 0)
  expect('clp_fsmon repairs ends with 0', run('clp_fsmon', 'repairs').status === 0)
  // A disk of its own for the share, so that filling it harms nobody.
  lab('exec', host, 'mount', '-t', 'tmpfs', '-o', 'size=200m,mode=777', 'tmpfs', '/srv/samba/guest')
  const leakMib = Math.min(800, Math.floor(availableMib() / 4))
  const memoryLimit = `${availableMib() - Math.floor(leakMib * 1.5)}M`
  const limits = ['--space-limit', '50M', '--memory-limit', memoryLimit, '--diagnose', 'on']
  const words = ['filewatch', '-s', 'guest', '-a', address, ...timing, ...limits]
  console.log(`  $ clp_sambamon ${words.join(' ')} &`)
  const monitor = new Monitor('filewatch', commandLine('clp_sambamon', words))
  expect('message 2: it watches', await monitor.says('is going to watch share resource ['))

  tell('A process leaks memory: the limit is foreseen, long before it is reached')
  const endLeak = startOnHost(leak(Math.max(1, Math.floor(leakMib / 40)), leakMib))
  expect('103: memory', await monitor.says('to reach a limit (memory of this host', patienceMs))
  await endLeak()

  tell('The disk of the share fills up: the same')
  const endFilling = startOnHost(fill('/srv/samba/guest/filling', 1))
  expect('103: free space', await monitor.says('to reach a limit (free space', patienceMs))
  await endFilling()
  lab('exec', host, 'rm', '-f', '/srv/samba/guest/filling')
  expect('the receiver has 103', await until(() => receiver.ids.includes(103)))

  tell(
    'smbd freezes; why is found beside the retries, the ladder restarts it, and the monitor watches on',
  )
  lab('freeze', host, 'samba')
  expect(
    '106: mended',
    await monitor.says('has tried to repair Samba [guest] (restart-here for ', patienceMs),
  )
  expect('the server was mended', monitor.said.includes(': mended)'))
  expect(
    'the diagnosis names a process that stands still',
    monitor.said.includes('(process-stopped)'),
  )
  expect(
    'which is what it was mended for',
    monitor.said.includes('restart-here for process-stopped'),
  )
  expect(
    'it watches again',
    await until(() => {
      const [program, ...argv] = commandLine('clp_sambamon', ['filewatch', '-disp', '--json'])
      const { stdout } = spawnSync(program, argv, { encoding: 'utf8' })
      const { state, failures } = JSON.parse(stdout)
      return state === 'watching' && failures === 0
    }),
  )
  run('clp_fsmon', 'status')
  expect('the receiver has 106', await until(() => receiver.ids.includes(106)))

  tell(
    'smbd freezes again, and its smb.conf is spoilt: nothing mends that, so the group fails over',
  )
  lab('exec', host, 'sh', '-c', 'echo "[global" >/etc/samba/smb.conf')
  lab('freeze', host, 'samba')
  expect('106: no help', await monitor.says(': no help, exit 1)', patienceMs))
  expect('105: a probable cause', await monitor.says('has found a probable cause', patienceMs))
  expect('the receiver has 105', await until(() => receiver.ids.includes(105)))
  expect('6: the monitor ends', await monitor.says('The clp_sambamon will terminate.', patienceMs))
  const status = await monitor.ended
  expect(`exit status 1, which the cluster sees (it was ${status})`, status === 1)
  expect('the receiver has 6', await until(() => receiver.ids.includes(6)))
  run('clp_fsmon', 'repairs')
} catch (error) {
  expect(`no trouble: ${error instanceof Error ? error.stack : String(error)}`, false)
}
receiver.server.close()
receiver.server.closeAllConnections()
tell(missed.length === 0 ? 'Everything was seen as it should be' : 'Not as it should be')
for (const what of missed) console.log(`  NOT SEEN: ${what}`)
process.exit(missed.length === 0 ? 0 : 1)
