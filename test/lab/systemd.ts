import { spawn } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { finish } from '../helpers/lab/command.ts'
import { licensed } from '../helpers/licensed.ts'

t.setTimeout(300_000)
const options = { skip: skipOutsideLab() }
const root = join(import.meta.dirname, '../..')
const units = join(root, 'templates/systemd')

t.test('the units are well formed, and shut in what they start', options, async (t) => {
  const directory = t.testdir()
  const names = readdirSync(units).filter((name) => name.endsWith('.service'))
  t.equal(names.length, 6)
  for (const name of names) {
    const text = readFileSync(join(units, name), 'utf8')
    writeFileSync(
      join(directory, name),
      text
        .replaceAll('/usr/lib/clp-fsmon/templates', join(root, 'templates'))
        .replaceAll('/usr/sbin/', `${join(root, 'bin')}/`),
    )
    copyFileSync(join(directory, name), join(directory, name.replace('@', '@watch1')))
  }
  copyFileSync(join(units, 'clp-fsmon-guard.timer'), join(directory, 'clp-fsmon-guard.timer'))
  const timer = join(directory, 'clp-fsmon-guard.timer')
  t.match(await finish('systemd-analyze', ['verify', '--man=no', timer]), { status: 0, stderr: '' })
  for (const name of names) {
    const file = join(directory, name.replace('@', '@watch1'))
    const verified = await finish('systemd-analyze', ['verify', '--man=no', file])
    t.match(verified, { status: 0, stderr: '' }, `${name}: ${verified.stderr}`)
    if (name.startsWith('clp-fsmon-failed')) continue
    const args = ['security', '--offline=yes', '--threshold=50', file]
    const secured = await finish('systemd-analyze', args)
    t.equal(secured.status, 0, secured.stdout.split('\n').slice(-3).join(' '))
  }
})

/** A socket like the service manager's, and the messages that came to it, one after the other. */
class Manager {
  readonly socket: string
  readonly #file: string

  private constructor(socket: string, file: string) {
    this.socket = socket
    this.#file = file
  }

  static async create(t: Test, directory: string): Promise<Manager> {
    const source = join(root, 'test/helpers/lab/notify-receiver.c')
    const program = join(directory, 'receiver')
    t.match(await finish('gcc', ['-Wall', '-Werror', '-o', program, source]), { status: 0 })
    // A socket's name is short.
    const short = mkdtempSync(join(tmpdir(), 'notify-'))
    const manager = new Manager(join(short, 'socket'), join(directory, 'messages'))
    const child = spawn(program, [manager.socket, manager.#file], { stdio: 'ignore' })
    t.teardown(() => {
      child.kill('SIGKILL')
      rmSync(short, { recursive: true, force: true })
    })
    await eventually('the socket is there', () => existsSync(manager.socket))
    return manager
  }

  messages(): string[] {
    return readFileSync(this.#file, 'utf8').split('\0').slice(0, -1)
  }

  async hears(pattern: RegExp, from = 0): Promise<number> {
    await eventually(`${pattern}`, () =>
      this.messages()
        .slice(from)
        .some((each) => pattern.test(each)),
    )
    return this.messages().length
  }
}

t.test('the service manager hears what the monitor finds', options, async (t) => {
  const directory = t.testdir({ root: {} })
  await licensed(join(directory, 'root'))
  const manager = await Manager.create(t, directory)
  const host = await Host.create()
  t.teardown(() => host.down())
  const samba = await host.samba()
  await samba.freeze()
  const env = {
    CLP_FSMON_ROOT: join(directory, 'root'),
    NOTIFY_SOCKET: manager.socket,
    WATCHDOG_USEC: '1000000',
  }
  const watched = ['-s', 'guest', '-a', host.address]
  const timing = ['-i', '1', '-c', '20', '-r', '1']
  const monitor = startCommand(t, 'clp_sambamon', ['watch1', ...watched, ...timing], { env })
  await manager.hears(/^STATUS=failing: failed, \d+ ms, failure 1 of 21: /m)
  t.notMatch(manager.messages().join(), 'READY=1', 'it is not ready before a success')

  await samba.thaw()
  await manager.hears(/READY=1/)
  t.match(
    manager.messages().find((each) => each.includes('READY=1')),
    /^STATUS=watching: ok, \d+ ms$/m,
  )
  t.match(manager.messages().join(), 'WATCHDOG_USEC=52000000', 'the watchdog fits the timing')
  const fed = await manager.hears(/WATCHDOG=1/)
  await manager.hears(/WATCHDOG=1/, fed)

  process.kill(monitor.pid, 'SIGSTOP')
  const whenFrozen = manager.messages().length
  const untilMs = performance.now() + 3000
  await eventually('several checks would have ended', () => performance.now() > untilMs)
  t.ok(manager.messages().length <= whenFrozen + 1, 'a monitor that stands still feeds nothing')
  process.kill(monitor.pid, 'SIGCONT')
  await manager.hears(/STATUS=watching/, whenFrozen + 1)

  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 })
  await manager.hears(/STOPPING=1/)
})

t.test('a service manager that does not listen does the watch no harm', options, async (t) => {
  const directory = t.testdir({ root: {} })
  await licensed(join(directory, 'root'))
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  const env = { CLP_FSMON_ROOT: join(directory, 'root'), NOTIFY_SOCKET: join(directory, 'nobody') }
  const words = ['watch1', '-s', 'guest', '-a', host.address, '-i', '1']
  const monitor = startCommand(t, 'clp_sambamon', words, { env })
  await monitor.said(/ 2 INFO /)
  await monitor.said(/service manager: /)
  monitor.child.kill('SIGTERM')
  t.match(await monitor.ended, { status: 0 })
})

t.test('an instance is started with the settings of its file', options, async (t) => {
  const bin = t.testdir()
  for (const name of ['clp_sambamon', 'clp_nfsmon']) {
    writeFileSync(join(bin, name), '#!/bin/sh\nprintf "[%s]" "$0" "$@"\n', { mode: 0o755 })
  }
  const run = async (kind: string, env: Record<string, string>) => {
    const PATH = `${bin}:/usr/bin:/bin`
    const { stdout } = await finish(join(units, 'run.sh'), [kind, 'a1'], { env: { PATH, ...env } })
    return stdout.replaceAll(`${bin}/`, '')
  }
  const timing = { INTERVAL: '1', RETRIES: '2', WAIT: '3' }
  t.equal(
    await run('samba', { SHARE: 'a b', ADDRESS: '::1', CREDENTIALS: '/c', ...timing }),
    '[clp_sambamon][a1][-s][a b][--credentials][/c][-a][::1][-i][1][-c][2][-r][3]',
  )
  t.equal(
    await run('nfs', { DIRECTORY: '/d', PORT: '2049', ...timing, ADDRESS: '' }),
    '[clp_nfsmon][a1][-d][/d][-n][2049][-i][1][-c][2][-r][3]',
  )
})
