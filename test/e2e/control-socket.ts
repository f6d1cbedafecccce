import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import t from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { runCommand } from '../helpers/command.ts'
import { connectControl, tellControl } from '../helpers/control-socket.ts'
import { eventually } from '../helpers/eventually.ts'
import { watchedNfs } from '../helpers/nfs-watch.ts'

t.setTimeout(120_000)

const nonsense: Record<string, string | Uint8Array> = {
  garbage: Buffer.concat([randomBytes(2000), Buffer.from('\n')]),
  zeros: Buffer.concat([Buffer.alloc(100), Buffer.from('\n')]),
  'an empty line': '\n',
  'another action': '{"command":"clp_nfsmon","action":"destroy"}\n',
  'an inherited name': '{"command":"clp_nfsmon","action":"constructor"}\n',
  'no object': 'null\n',
  'a list': '["stop"]\n',
  'the other command': '{"command":"clp_sambamon","action":"stop"}\n',
  'a megabyte': Buffer.alloc(1024 * 1024, 'x'),
  'a megabyte of lines': '{}\n'.repeat(350_000),
}

t.test('whatever comes to the control socket is refused, and watching goes on', async (t) => {
  const nfs = await watchedNfs(t)
  const { env } = nfs
  const root = env.CLP_FSMON_ROOT
  const monitor = nfs.start('x', ['-i', '1'])
  await monitor.said(/ 2 INFO /)
  for (const [name, bytes] of Object.entries(nonsense)) {
    let answer = ''
    try {
      answer = await tellControl(root, 'x', bytes)
    } catch {
      // Closed while there was still more to say.
    }
    if (answer !== '') t.match(JSON.parse(answer), { ok: false }, `${name} is refused`)
    else t.match(name, 'megabyte', `only a megabyte is cut short, not ${name}`)
  }

  const half = await connectControl(root, 'x')
  half.write('{"command":"clp_nfsmon","act')
  const idle = await Promise.all(Array.from({ length: 200 }, () => connectControl(root, 'x')))
  for (const socket of [half, ...idle]) socket.on('error', () => {}).resume()
  const seen = nfs.checks()
  const control = (word: string) => runCommand(t, 'clp_nfsmon', ['x', word], { env })
  t.match(await control('-pause'), { status: 0 }, 'with 200 connections open it is controlled')
  t.match(await control('-continue'), { status: 0 })
  await eventually('it goes on checking', () => nfs.checks() > seen + 1)
  await Promise.all(
    [half, ...idle].filter((socket) => !socket.closed).map((socket) => once(socket, 'close')),
  )
  t.pass('who says nothing, or half a line, is not kept')

  t.match(await control('-stop'), { status: 0 })
  const { status, err } = await monitor.ended
  t.equal(status, 0)
  t.strictSame(alertIds(err), [1, 2, 7, 8, 3])
  t.notMatch(err, /\bbug\b/)
})
