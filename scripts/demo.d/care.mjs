// A frozen Samba is mended by the ladder and watched on, a second one is not and fails over; a small HTTP receiver
// shows what was pushed. Run inside `scripts/lab run`. Exit status: 0 all was as it should be, 1 something was not.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  const words = ['filewatch', '-s', 'guest', '-a', address, ...timing]
  console.log(`  $ clp_sambamon ${words.join(' ')} &`)
  const monitor = new Monitor('filewatch', commandLine('clp_sambamon', words))
  expect('message 2: it watches', await monitor.says('is going to watch share resource ['))

  tell('smbd freezes; the ladder restarts it, and the monitor watches on')
  lab('freeze', host, 'samba')
  expect(
    '106: mended',
    await monitor.says('has tried to repair Samba [guest] (restart-here for ', patienceMs),
  )
  expect('the server was mended', monitor.said.includes(': mended)'))
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
