import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { startCommand } from '../helpers/command.ts'
import { eventually } from '../helpers/eventually.ts'
import { licensed } from '../helpers/licensed.ts'
import { FakeNfs } from '../helpers/nfs-server.ts'
import { SmbServer } from '../helpers/smb-server.ts'

t.setTimeout(300_000)

const deadlineS = 2
const rounds = Number(process.env.CLP_FSMON_TEST_FREEZES ?? 2)

/** Answers that are kept back for a while, at one step of a check. */
class Gate {
  #held: { socket: Socket; answer: Buffer }[] = []
  /** where the next answer is kept back */
  step: string | undefined

  deliver(socket: Socket, answer: Buffer, step: string): void {
    if (step === this.step) this.#held.push({ socket, answer })
    else socket.write(answer)
  }

  get isHolding(): boolean {
    return this.#held.length > 0
  }

  open(): void {
    this.step = undefined
    for (const { socket, answer } of this.#held) socket.write(answer)
    this.#held = []
  }
}

const kinds = {
  clp_sambamon: {
    steps: [
      'negotiate',
      'challenge',
      'session',
      'tree',
      'create',
      'read',
      'close',
      'disconnect',
      'logoff',
    ],
    serve: async (t: Test, gate: Gate) => {
      const server = await SmbServer.start({
        deliver: (socket, frames, step) => gate.deliver(socket, Buffer.concat(frames), step),
      })
      t.teardown(() => server.close())
      return ['-s', 'pub', '--port', String(server.port), '--depth', 'read', '--path', 'hello.txt']
    },
  },
  clp_nfsmon: {
    steps: ['nfs3.null', 'mount.mnt', 'nfs3.getattr', 'nfs3.lookup', 'nfs3.read', 'mount.umnt'],
    serve: async (t: Test, gate: Gate) => {
      const nfs = await FakeNfs.start(t, {
        deliver: (socket, answer) => gate.deliver(socket, answer, nfs.log.at(-1) ?? ''),
      })
      const ports = [`-n${nfs.nfs.port}`, '--mount-port', String(nfs.mount.port)]
      return [
        '-d',
        '/srv/data',
        ...ports,
        '--nfs-version',
        '3',
        '--depth',
        'read',
        '--path',
        'hello.txt',
      ]
    },
  },
} as const

/** SIGSTOP, and until it stands still. */
async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await eventually('it stands still', () => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  })
}

for (const [command, { steps, serve }] of Object.entries(kinds)) {
  t.test(`${command} frozen past its deadline at any step of a check blames nobody`, async (t) => {
    const env = { CLP_FSMON_ROOT: t.testdir() }
    await licensed(env.CLP_FSMON_ROOT)
    await Promise.all(
      [...steps, 'between checks'].map(async (step, at) => {
        const gate = new Gate()
        const target = await serve(t, gate)
        const timing = ['-i', '1', '-c', '1', '-r', String(deadlineS)]
        const argv = [`x${at}`, '-a', '127.0.0.1', ...target, ...timing]
        const monitor = startCommand(t, command, argv, { env })
        await monitor.said(/ 2 INFO /)
        const has = async (what: string, holds: () => boolean) =>
          eventually(`${step}: ${what}`, () => {
            if (monitor.child.exitCode !== null) throw new Error(monitor.err())
            return holds()
          })
        for (let round = 0; round < rounds; round += 1) {
          gate.step = step
          if (step !== 'between checks') await has('an answer is kept back', () => gate.isHolding)
          await freeze(monitor.pid)
          gate.open()
          // The time that passes is what this is about: longer than the check may take.
          await delay(deadlineS * 1000 + 500)
          process.kill(monitor.pid, 'SIGCONT')
        }
        monitor.child.kill('SIGTERM')
        const { status, err } = await monitor.ended
        t.equal(status, 0, step)
        t.strictSame(alertIds(err), [1, 2, 3], step)
        t.notMatch(err, 'check failed', step)
      }),
    )
  })
}
