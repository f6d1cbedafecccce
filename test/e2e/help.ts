import { readFileSync } from 'node:fs'
import t from 'tap'
import { runCommand } from '../helpers/command.ts'

const about = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

for (const command of ['clp_sambamon', 'clp_nfsmon', 'clp_fsmon']) {
  t.test(`${command} tells its version and its help, and needs nothing for it`, async (t) => {
    const env = { CLP_FSMON_ROOT: '/nonexistent' }
    const version = await runCommand(t, command, ['--version'], { env })
    t.match(version, { status: 0, out: `${command} (clp-fsmon) ${about.version}\n`, err: '' })
    const help = await runCommand(t, command, ['--help'], { env })
    t.match(help, { status: 0, err: '' })
    t.match(help.out, /^ {2}0 {2}/m, 'with the exit statuses')
    t.ok(
      help.out.split('\n').every((line) => line.length <= 100),
      'no line is longer than 100 characters',
    )
    const japanese = await runCommand(t, command, ['--help', '--lang', 'ja'], { env })
    t.match(japanese.out, '終了ステータス')
  })
}
