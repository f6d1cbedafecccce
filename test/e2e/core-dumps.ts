import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { watchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(120_000)

const password = 'Pa55-Wort-Mit-7-Siegeln'
const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim()
// Where cores go to a program or to a place of the machine's own, they are left to it.
const skip = /^[|/]/.test(pattern) && `cores do not stay here but go to ${pattern}`

/** A directory that a process has its core in, and the words that bring it there. */
function dumping(t: Test) {
  const directory = join(t.testdir(), 'cores')
  mkdirSync(directory)
  const via = ['sh', '-c', `ulimit -c unlimited; cd '${directory}'; exec "$@"`, 'sh']
  const core = () => {
    const [name] = readdirSync(directory)
    return name === undefined ? undefined : readFileSync(join(directory, name))
  }
  return { via, core }
}

const forms = [Buffer.from(password), Buffer.from(password, 'utf16le')]
const holds = (core: Buffer) => forms.some((form) => core.includes(form))

t.test('a core of any other process has its password in it', { skip }, async (t) => {
  const { via, core } = dumping(t)
  const program = 'console.log(1); setInterval(() => {}, 1000)'
  const argv = [...via.slice(1), process.execPath, '-e', program]
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(via[0] ?? '', argv, { env: { ...env, CLP_FSMON_PASSWORD: password } })
  await once(child.stdout, 'data')
  child.kill('SIGABRT')
  await once(child, 'exit')
  const dumped = core()
  if (dumped === undefined) t.pass('cores cannot be had here')
  else t.ok(holds(dumped), `${dumped.length} bytes`)
})

const ways: Record<string, (root: string) => { argv: string[]; env: Record<string, string> }> = {
  '-p': () => ({ argv: ['-u', 'labuser', '-p', password], env: {} }),
  'a file': (root) => {
    const file = join(root, 'login')
    writeFileSync(file, `username = labuser\npassword = ${password}\n`, { mode: 0o600 })
    return { argv: ['--credentials', file], env: {} }
  },
  'the environment': () => ({
    argv: [],
    env: { CLP_FSMON_USER: 'labuser', CLP_FSMON_PASSWORD: password },
  }),
}

for (const [way, settings] of Object.entries(ways)) {
  t.test(`a core of a monitor has no password that came by ${way}`, { skip }, async (t) => {
    const { via, core } = dumping(t)
    const smb = await watchedSmb(t, { status: { session: 0xc000006d } })
    const { argv, env } = settings(smb.env.CLP_FSMON_ROOT)
    mkdirSync(join(smb.env.CLP_FSMON_ROOT, 'cores'), { recursive: true })
    const monitor = smb.start('x', [...argv, '-i', '1', '-c', '100', '-r', '5'], { via, env })
    await monitor.said(/check failed, 1 of 101/)
    t.ok(smb.server.logins.length > 0, 'it was used')
    monitor.child.kill('SIGABRT')
    const { signal } = await monitor.ended
    t.equal(signal, 'SIGABRT')
    const dumped = core()
    t.comment(`core of ${dumped?.length ?? 'no'} bytes`)
    t.notOk(dumped !== undefined && holds(dumped))
  })
}
