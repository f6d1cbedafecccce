import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { skipOutsideLab } from '../helpers/lab.ts'
import { finish } from '../helpers/lab/command.ts'

t.setTimeout(120_000)

const delay = join(import.meta.dirname, '../../scripts/lab.d/delay.pl')

async function ip(...words: string[]): Promise<void> {
  const { status, stderr } = await finish('ip', words)
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`)
}

/** A wire in this world, and somebody at the one end of it. */
async function wire(t: Test, name: string, number: number): Promise<{ sends: () => void }> {
  await ip('link', 'add', `${name}0`, 'type', 'veth', 'peer', 'name', `${name}1`)
  t.teardown(() => ip('link', 'delete', `${name}0`))
  await ip('link', 'set', `${name}0`, 'address', `02:00:00:00:00:0${number}`)
  await ip('address', 'add', `10.99.${number}.1/24`, 'broadcast', '+', 'dev', `${name}0`)
  for (const end of ['0', '1']) await ip('link', 'set', `${name}${end}`, 'up')
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  await new Promise<void>((resolve) => socket.bind(0, `10.99.${number}.1`, resolve))
  socket.setBroadcast(true)
  return { sends: () => socket.send('hello', 9, `10.99.${number}.255`) }
}

/** Starts a program; what it has said so far. */
function said(t: Test, command: string, args: readonly string[]): () => string {
  const child = spawn(command, args, { stdio: 'pipe' })
  t.teardown(() => {
    // strace lets go of what it has started, which would keep our ends of its pipes open.
    const { pid } = child
    const list = `/proc/${pid}/task/${pid}/children`
    const started = existsSync(list) ? readFileSync(list, 'utf8').trim() : ''
    for (const each of started.split(' ').filter(Boolean)) process.kill(Number(each), 'SIGKILL')
    child.kill()
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  }
  return () => text
}

t.test(
  'a delay passes on what comes in at its two ends alone, from its first moment on',
  { skip: skipOutsideLab() },
  async (t) => {
    const near = await wire(t, 'near', 1)
    await wire(t, 'far', 2)
    const other = await wire(t, 'other', 3)
    const arrives = said(t, 'tcpdump', ['-Ulneqi', 'far0', '-Q', 'in', 'udp', 'port', '9'])
    await eventually('it listens', () => arrives().includes('listening on'))

    // Other people's frames are about all the time that it takes to begin, which is made long.
    const slowly = [
      '-qqfo',
      '/dev/null',
      '-e',
      'trace=bind',
      '-e',
      'inject=bind:delay_enter=300000',
    ]
    const joins = said(t, 'strace', [...slowly, 'perl', delay, 'near1', 'far1', '0', '0'])
    await eventually('it has begun', () => {
      other.sends()
      return joins().includes('up')
    })
    await eventually('what comes in here goes out there', () => {
      near.sends()
      return arrives().includes('02:00:00:00:00:01 >')
    })
    t.notMatch(arrives(), '02:00:00:00:00:03', 'and what is others’ does not')
  },
)
