import { spawnSync } from 'node:child_process'
import t from 'tap'
import { isExpected, readTable } from './helpers/matrix/table.ts'
import { isInterim, MessageCutter, rpcFraming, smbFraming } from './helpers/matrix/framing.ts'

const page = new URL('./lab/matrix/expected.md', import.meta.url)
const servers = ['Samba', 'NFSv3', 'NFSv4.0', 'NFSv4.1']

t.test('a verdict is expected only where the table says so', async (t) => {
  const cases: [seen: string, expected: string, isSo: boolean][] = [
    ['ok', 'ok', true],
    ['ok', 'tree 74[110]', false],
    ['tree 74[110]', 'tree 74[110]', true],
    ['open 74[110]', 'tree 74[110]', false],
    ['tree 74[110]', 'ok', false],
    ['tree 74[110]', 'tree 74[110] or open 74[110]', true],
    ['open 74[110]', 'tree 74[110] or open 74[110]', true],
    ['tree 75[104]', 'tree 75[0/104]', true],
    ['tree 75[0]', 'tree 75[0/104]', true],
    ['tree 75[10]', 'tree 75[0/104]', false],
    ['tree 75[0/104]', 'tree 75[0/104]', false],
    ['list timeout', 'ok or any timeout', true],
    ['list broken 104', 'ok or any timeout', false],
    ['list timeout, then null connect 111', 'ok or any timeout', false],
    ['ok before anything happened', 'ok', false],
    ['cannot-judge', 'ok or any timeout', false],
  ]
  for (const [seen, expected, isSo] of cases) {
    t.equal(isExpected(seen, expected), isSo, `${seen} where ${expected} is expected`)
  }
})

for (const server of servers) {
  t.test(
    `what is expected of ${server} is complete, and commits none of the two sins`,
    async (t) => {
      const { phases, rows } = readTable(page, server)
      t.equal(phases[0], 'before connect')
      for (const { fault, depth, reason, verdicts } of rows) {
        t.match(reason, /\.\)?$/, `${fault}: a sentence says why`)
        t.ok(verdicts.size > 0, `${fault}, depth ${depth}`)
        const isSlow = /half the deadline|60 s/.test(fault) && !fault.includes('one and a half')
        for (const [phase, verdict] of verdicts) {
          t.not(verdict, 'any', `${fault}, ${phase}: not everything is right`)
          if (isSlow) t.equal(verdict, 'ok', `${fault}, ${phase}: slow is not dead`)
        }
      }
      const before = (fault: string, depth: string) =>
        rows
          .find((row) => row.fault === fault && row.depth === depth)
          ?.verdicts.get('before connect')
      const disk = server === 'Samba' ? 'disk below the share frozen' : 'disk frozen'
      t.equal(
        before(disk, 'share'),
        'ok',
        'a frozen disk under a live server passes at depth share',
      )
      t.not(before(disk, 'read'), 'ok', 'and is found at depth read')
      for (const dead of ['packets dropped', 'port closed', 'host gone without a word']) {
        t.notMatch(before(dead, 'read'), /ok/, `${dead}: a dead server is not called healthy`)
      }
    },
  )
}

t.test('an answer that only says that one will come is told from one that has', async (t) => {
  const message = (status: number, flags: number) => {
    const bytes = Buffer.alloc(4 + 73)
    bytes.write('\xfeSMB', 4, 'latin1')
    bytes.writeUInt32LE(status, 4 + 8)
    bytes.writeUInt32LE(flags, 4 + 16)
    return bytes
  }
  t.ok(isInterim(message(0x103, 3)))
  t.notOk(isInterim(message(0x103, 1)), 'not asynchronous')
  t.notOk(isInterim(message(0, 3)), 'the end of it')
  t.notOk(isInterim(message(0x103, 3).subarray(0, 60)), 'cut short')
})

for (const server of servers) {
  t.test(`at the steps of depth write the same holds for ${server}`, async (t) => {
    const { phases, rows } = readTable(page, `${server}, write`)
    t.equal(phases[0], 'before connect')
    for (const { fault, depth, reason, verdicts } of rows) {
      t.equal(depth, 'write')
      t.match(reason, /\.\)?$/, `${fault}: a sentence says why`)
      const isSlow = fault.includes('half the deadline')
      const isOver = phases.at(-1) ?? ''
      for (const [phase, verdict] of verdicts) {
        if (isSlow) t.equal(verdict, 'ok', `${fault}, ${phase}: slow is not dead`)
        else if (phase === isOver && !fault.includes('read-only'))
          t.equal(verdict, 'ok', `${fault}: what is over is over`)
        else if (phase !== 'before connect') {
          t.not(verdict, 'ok', `${fault}, ${phase}: a dead server is not called healthy`)
        }
      }
    }
  })
}

t.test('a stream is cut into whole messages, whatever pieces it comes in', async (t) => {
  const smb = Buffer.from(['00000003aabbcc', '00000001dd'].join(''), 'hex')
  const rpc = Buffer.from(['00000002aabb', '80000001cc', '80000000'].join(''), 'hex')
  const streams = [
    [smbFraming, smb, [7, 5]],
    [rpcFraming, rpc, [11, 4]],
  ] as const
  for (const [framing, bytes, lengths] of streams) {
    for (let size = 1; size <= bytes.length; size++) {
      const cutter = new MessageCutter(framing)
      const messages: Buffer[] = []
      for (let at = 0; at < bytes.length; at += size) {
        messages.push(...cutter.take(bytes.subarray(at, at + size)))
      }
      t.strictSame(
        messages.map(({ length }) => length),
        lengths,
        `in pieces of ${size}`,
      )
      t.strictSame(Buffer.concat(messages), bytes)
      t.equal(cutter.rest.length, 0)
    }
  }
})

t.test(
  'what is printed shows every cell, and ends with 0 only where all are as expected',
  async (t) => {
    const cell = { fault: 'frozen', depth: 'write', phase: 'null', expected: 'ok', seen: 'ok' }
    const finding = { ...cell, isExpected: true, tries: 1, dueMs: 0, toldMs: 0 }
    const names = ['NFSv3', 'Samba, write', 'Commands', 'Samba']
    const print = (notes: object[]) => {
      const directory = t.testdir({
        findings: notes.map((note) => JSON.stringify(note)).join('\n'),
      })
      const { status, stdout } = spawnSync(
        process.execPath,
        ['scripts/test-lab.d/print-matrix.mjs', directory],
        { encoding: 'utf8', env: {} },
      )
      return { status, stdout }
    }
    const plans = names.map((server) => ({ server, planned: 1 }))
    const all = names.map((server) => ({ server, ...finding }))
    const { status, stdout } = print([...plans, ...all])
    t.strictSame(
      stdout.split('\n').filter((line) => names.includes(line)),
      ['Samba', 'Samba, write', 'NFSv3', 'Commands'],
    )
    t.equal(status, 0)
    t.match(stdout, 'fault matrix: 4 cells of 4, 4 as expected, 0 different')
    t.equal(print([...plans, ...all.slice(1)]).status, 1, 'one was not tried')
    const [one, ...others] = all
    const wrong = print([...plans, ...others, { ...one, isExpected: false, seen: 'timeout' }])
    t.equal(wrong.status, 1)
    t.match(wrong.stdout, /frozen {2}write {2}null {2}ok {2}≠ timeout/)
  },
)
