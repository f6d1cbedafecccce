// Both monitors from start to end, once; every step that must be seen is, or is named at the end.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Monitor } from './monitor.mjs'

const root = join(import.meta.dirname, '../..')
const scriptedBecause = process.argv[2]
const missed = []

const stage =
  scriptedBecause === undefined
    ? (await import('./lab-stage.mjs')).openStage(root)
    : await (await import('./scripted-stage.mjs')).openStage(root)
process.on('exit', () => stage.close())
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const waitS = 1
const retries = 2
const timing = ['-i', '1', '-c', String(retries), '-r', String(waitS)]

function tell(text) {
  process.stdout.write(`\n=== ${text}\n`)
}

function expect(what, seen) {
  process.stdout.write(`  ${seen ? 'seen    ' : 'NOT SEEN'} ${what}\n`)
  if (!seen) missed.push(what)
}

/** Runs a command to its end and shows what it prints. */
function run(command, ...argv) {
  process.stdout.write(`  $ ${command} ${argv.join(' ')}\n`)
  const [program, ...words] = stage.commandLine(command, argv)
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env: stage.env })
  process.stdout.write(`${stdout}${stderr}`.replace(/^(?=.)/gm, '  '))
  return status
}

function start(label, command, ...argv) {
  process.stdout.write(`  $ ${command} ${argv.join(' ')} &\n`)
  return new Monitor(label, stage.commandLine(command, argv), { env: stage.env })
}

tell(
  scriptedBecause === undefined
    ? 'The servers: a real Samba and a real NFS server'
    : `The servers: scripted ones, ${scriptedBecause}`,
)
process.stdout.write(`  ${stage.description}\n`)

tell('Try the parameters: one check each, nothing is started')
const { samba, nfs } = stage
expect('clp_sambamon --check ends with 0', run('clp_sambamon', '--check', ...samba) === 0)
expect('clp_nfsmon --check ends with 0', run('clp_nfsmon', '--check', ...nfs) === 0)

tell('Register a license: a free one for this server')
expect('clplcnsc --community ends with 0', run('clplcnsc', '--community') === 0)

tell('Start both monitors')
const sambaMonitor = start('sambawatch', 'clp_sambamon', 'sambawatch', ...samba, ...timing)
const nfsMonitor = start('nfswatch', 'clp_nfsmon', 'nfswatch', ...nfs, ...timing)
expect('message 1 of clp_sambamon', await sambaMonitor.says('has started watching Samba.'))
expect('message 2 of clp_sambamon', await sambaMonitor.says('is going to watch share resource ['))
expect('message 1 of clp_nfsmon', await nfsMonitor.says('has started watching NFS.'))
expect('message 2 of clp_nfsmon', await nfsMonitor.says("is going to watch shared directory '"))
run('clp_fsmon', 'status')

tell('Maintenance: pause and continue')
expect('-pause ends with 0', run('clp_sambamon', 'sambawatch', '-pause') === 0)
expect('message 7', await sambaMonitor.says('is going to stop monitoring.'))
expect('-continue ends with 0', run('clp_sambamon', 'sambawatch', '-continue') === 0)
expect('message 8', await sambaMonitor.says('is going to monitor.'))

tell('Samba stalls: it accepts connections and never answers')
await stage.freezeSamba()
const frozenAt = performance.now()
expect(
  'message 74: no answer in time',
  await sambaMonitor.says('has detected network error(select error[110])'),
)
expect('message 6: the monitor ends', await sambaMonitor.says('The clp_sambamon will terminate.'))
const sambaEnd = await sambaMonitor.ended
const detectedS = (performance.now() - frozenAt) / 1000
expect(`exit status 1, which the PID monitor sees (it was ${sambaEnd})`, sambaEnd === 1)
const leastS = (1 + retries) * waitS + retries
process.stdout.write(
  `  found ${detectedS.toFixed(1)} s after the stall; -i 1 -c ${retries} -r ${waitS} promise ${leastS} to ${leastS + 1} s\n`,
)

tell('NFS was never in doubt, and is stopped')
run('clp_fsmon', 'status')
expect('clp_nfsmon still watches', nfsMonitor.child.exitCode === null)
expect('it has found no error', !nfsMonitor.said.includes('error'))
expect('-stop ends with 0', run('clp_nfsmon', 'nfswatch', '-stop') === 0)
expect('message 3', await nfsMonitor.says('will stop watching NFS shared directory'))
expect('its exit status is 0', (await nfsMonitor.ended) === 0)
expect(
  '-stop of the monitor that has ended ends with 0',
  run('clp_sambamon', 'sambawatch', '-stop') === 0,
)

stage.close()
tell(missed.length === 0 ? 'Everything was seen as it should be' : 'Not as it should be')
for (const what of missed) process.stdout.write(`  NOT SEEN: ${what}\n`)
process.exit(missed.length === 0 ? 0 : 1)
