import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { recordPath } from '../../src/registry/record-file.ts'
import { encodeRecord, type MonitorRecord } from '../../src/registry/record.ts'
import { AlertLog, alertLine } from '../helpers/alert-log.ts'
import { eventually } from '../helpers/eventually.ts'
import { nobody, sampleRecord } from '../helpers/sample-record.ts'

const bin = join(import.meta.dirname, '../../bin')

/** A terminal with a shell in it, of a terminal emulator that can be asked what is on its screen. */
class Screen {
  readonly #socket: string

  constructor(t: Test, env: Record<string, string>) {
    this.#socket = `fsmon-${process.pid}-${t.name.length}`
    const words = Object.entries({ PS1: '$ ', LANG: 'C.UTF-8', ...env }).map((pair) =>
      pair.join('='),
    )
    const size = ['-x', '120', '-y', '24']
    this.#tmux('new-session', '-d', ...size, 'env', '-u', 'NODE_OPTIONS', ...words, 'sh')
    t.teardown(() => {
      this.#tmux('kill-server')
    })
  }

  /** Types a line, or keys by their names. */
  type(...keys: string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows))
  }

  text(): string {
    return this.#tmux('capture-pane', '-p')
  }

  /** Whether a program has the other screen, and whether the cursor is to be seen. */
  modes(): string {
    return this.#tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}').trim()
  }

  /** The process of the view in the shell. */
  viewPid(): number {
    const shell = this.#tmux('display-message', '-p', '#{pane_pid}').trim()
    return Number(execFileSync('ps', ['-o', 'pid=', '--ppid', shell], { encoding: 'utf8' }))
  }

  async shows(pattern: RegExp): Promise<void> {
    try {
      await eventually(String(pattern), () => pattern.test(this.text()))
    } catch (error) {
      throw new Error(`the screen shows\n${this.text()}`, { cause: error })
    }
  }

  #tmux(...argv: string[]): string {
    const { NODE_OPTIONS: _, TMUX: __, ...env } = process.env
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', '-u', ...argv], {
      encoding: 'utf8',
      env,
    })
  }
}

/** A host with watches, and a terminal on it in which they are seen. */
function host(t: Test) {
  const root = t.testdir()
  const run = join(root, 'run/clp-fsmon')
  mkdirSync(run, { recursive: true })
  mkdirSync(join(root, 'var/log/clp-fsmon'), { recursive: true })
  const hold = (more: Partial<MonitorRecord>): void => {
    const { ended: _, pausedSince: __, ...running } = sampleRecord({ uptimeMs: uptime() * 1000 })
    const record = { ...running, ...more }
    writeFileSync(join(run, '.new'), encodeRecord(record))
    renameSync(join(run, '.new'), recordPath(run, record.id))
  }
  const screen = new Screen(t, { CLP_FSMON_ROOT: root, PATH: `${bin}:${process.env['PATH']}` })
  return { hold, screen, log: new AlertLog(join(root, 'var/log/clp-fsmon')) }
}

t.test('the view is live, follows the size of the terminal, and gives it back', async (t) => {
  const { hold, screen, log } = host(t)
  hold({ id: 'watch1', target: '共有 @ 192.0.2.1' })
  hold({ id: 'gone', process: nobody })
  screen.type('echo before', 'Enter')
  await screen.shows(/^before$/m)
  screen.type('clp_fsmon status --watch; echo status $?', 'Enter')
  await screen.shows(/^watch1 +watching .*[▁-█]x$/m)
  t.match(screen.text(), /^gone +vanished /m)
  t.equal(screen.modes(), '1 0')
  hold({ id: 'watch1', state: 'failing', failures: 2 })
  await screen.shows(/^watch1 +failing .* 2\/6 /m)
  log.add(alertLine(7))
  await screen.shows(/watch1 +6 +alert 7/)
  for (let i = 0; i < 40; i += 1) hold({ id: `many${i}` })
  screen.resize(90, 12)
  await screen.shows(/^1-\d+\/42 /m)
  screen.type('Down', 'NPage')
  await screen.shows(/^[2-9]\d*-\d+\/42 /m)
  screen.type('/gone', 'Enter')
  await screen.shows(/filter: gone/)
  screen.type('q')
  await screen.shows(/^status 0$/m)
  t.match(screen.text(), /^before$/m, 'what was there before is there again')
  t.equal(screen.modes(), '0 1')
})

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const) {
  t.test(`${signal} ends the view, and the terminal is given back`, async (t) => {
    const { hold, screen } = host(t)
    hold({ id: 'watch1' })
    screen.type('clp_fsmon status --watch; echo status $?', 'Enter')
    await screen.shows(/^watch1 +watching /m)
    process.kill(screen.viewPid(), signal)
    await screen.shows(new RegExp(`^status ${status}$`, 'm'))
    t.equal(screen.modes(), '0 1')
    screen.type('echo typed', 'Enter')
    await screen.shows(/^typed$/m)
  })
}

t.test('Ctrl-C ends it; Ctrl-Z gives the terminal back until it goes on', async (t) => {
  const { hold, screen } = host(t)
  hold({ id: 'watch1' })
  screen.type('clp_fsmon status --watch; echo status $?', 'Enter')
  await screen.shows(/^watch1 +watching /m)
  screen.type('C-z')
  await screen.shows(/Stopped/)
  t.equal(screen.modes(), '0 1')
  screen.type('fg', 'Enter')
  await screen.shows(/^watch1 +watching /m)
  t.equal(screen.modes(), '1 0')
  screen.type('C-c')
  await eventually('it is given back', () => screen.modes() === '0 1')
})

t.test('without a terminal it is printed once', async (t) => {
  const { hold, screen } = host(t)
  hold({ id: 'watch1' })
  screen.type('clp_fsmon status --watch | cat; echo done', 'Enter')
  await screen.shows(/^watch1 +watching [^]*^done$/m)
  t.equal(screen.modes(), '0 1')
})
