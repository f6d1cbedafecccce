import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { alertLines } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { tellControl } from '../helpers/control-socket.ts'
import { licensed } from '../helpers/licensed.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(120_000)

const refused = { session: 0xc000006d } as const // STATUS_LOGON_FAILURE
const password = 'Pa55-Wort-Mit-7-Siegeln'

const ways: Record<string, (t: Test) => { argv: string[]; env: Record<string, string> }> = {
  '-p': () => ({ argv: ['-u', 'labuser', '-p', password], env: {} }),
  '--credentials': (t) => {
    const file = join(t.testdirName, 'login')
    writeFileSync(file, `username = labuser\npassword = ${password}\n`, { mode: 0o600 })
    return { argv: ['--credentials', file], env: {} }
  },
  'the environment': () => ({
    argv: [],
    env: { CLP_FSMON_USER: 'labuser', CLP_FSMON_PASSWORD: password },
  }),
}

/** Every command line of this machine, as anybody can read it. */
function commandLines(): string {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const lines = numbers.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
    } catch {
      return ''
    }
  })
  return `${lines.join('\n')}${execFileSync('ps', ['-ef', '-ww'], { encoding: 'utf8' })}`
}

/** The contents and names of all files below a directory; sockets have none. */
function everything(root: string): string {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return entries
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return entry.isFile() ? `${path}\n${readFileSync(path, 'latin1')}` : path
    })
    .join('\n')
}

for (const [way, settings] of Object.entries(ways)) {
  t.test(`a password given by ${way} is to be found nowhere`, async (t) => {
    const smb = await watchedSmb(t, { status: refused })
    const { argv, env: secretEnv } = settings(t)
    const root = join(smb.env.CLP_FSMON_ROOT, 'root')
    const env = { CLP_FSMON_ROOT: root }
    await licensed(root)
    const more = [...argv, '-i', '1', '-c', '3', '-r', '5']
    const monitor = smb.start('x', more, { env: { ...env, ...secretEnv } })
    await monitor.said(/check failed, 1 of 4/)
    t.ok(smb.server.logins.length > 0, 'it was used')

    const shown = commandLines()
    t.match(shown, 'clp_sambamon', 'the monitor is among what was looked at')
    const run = (...words: string[]) => runCommand(t, 'clp_sambamon', ['x', ...words], { env })
    const answers = [
      await run('-disp'),
      await run('-disp', '--json'),
      await runCommand(t, 'clp_fsmon', ['status', '--json'], { env }),
    ].map(({ out, err }) => out + err)
    t.match(answers[1], 'labuser', 'whose login it is may be known')
    answers.push(
      await tellControl(root, 'x', '{"command":"clp_sambamon","action":"status"}\n'),
      await tellControl(root, 'x', '{"command":"clp_sambamon","action":"password"}\n'),
    )
    const alive = everything(root)
    const archive = join(smb.env.CLP_FSMON_ROOT, 'report.tar.gz')
    const made = await runCommand(t, 'clp_fsmon', ['report', '-o', archive], { env })
    t.match(made, { status: 0 })
    const report = execFileSync('tar', ['-xzOf', archive], { encoding: 'latin1' })
    t.match(report, 'labuser', 'the report has what is known of the monitor')
    const { status, err } = await monitor.ended
    t.equal(status, 1)
    t.match(alertLines(err).at(-2), /^62 .*\(tree connect error\[1326\]\)\.$/)
    const said = answers.join('')
    const places = { shown, said, alive, report, err, left: everything(root) }
    for (const [place, content] of Object.entries(places)) {
      t.ok(content.length > 0, `${place} is not empty`)
      for (const form of [password, Buffer.from(password, 'utf16le').toString('latin1')]) {
        t.notOk(content.includes(form), `not in ${place}`)
      }
    }
  })
}
