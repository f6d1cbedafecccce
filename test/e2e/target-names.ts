import t from 'tap'
import { alertLines } from '../helpers/alert-lines.ts'
import { runCommand, startCommand } from '../helpers/command.ts'
import { shownRecord } from '../helpers/shown-record.ts'
import { watchedSmb } from '../helpers/smb-watch.ts'

t.setTimeout(120_000)

const names = {
  'a control word': '-stop',
  'an option': '-i',
  'of two bytes and more a letter': '共有フォルダ',
  'with spaces and signs': "a b 'c' $d; [e]",
  'of 255 bytes': '共'.repeat(85),
}

for (const [what, share] of Object.entries(names)) {
  t.test(`a share whose name is ${what} is watched under that name`, async (t) => {
    const { server, env } = await watchedSmb(t)
    const argv = ['-s', share, '-a', '127.0.0.1', '--port', String(server.port)]
    const monitor = startCommand(t, 'clp_sambamon', ['x', ...argv], { env })
    await monitor.said(/ 2 INFO /)
    const asked = server.seen.find(({ command }) => command === 3)?.message.toString('utf16le')
    t.ok(asked?.includes(`\\${share}`), 'the server was asked for it')
    t.match(await shownRecord(t, 'clp_sambamon', 'x', { env }), { state: 'watching' })
    t.match(await runCommand(t, 'clp_sambamon', ['x', '-stop'], { env }), { status: 0 })
    const { status, err } = await monitor.ended
    t.equal(status, 0)
    t.strictSame(alertLines(err), [
      '1 INFO The clp_sambamon has started watching Samba.',
      `2 INFO The clp_sambamon is going to watch share resource [${share}].`,
      `3 INFO The clp_sambamon will stop watching Samba [${share}].`,
    ])
  })
}
