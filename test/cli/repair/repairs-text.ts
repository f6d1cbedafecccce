import t from 'tap'
import { loadRepairTexts } from '../../../src/cli/repair/repair-texts.ts'
import type { RepairsSeen } from '../../../src/cli/repair/repairs-seen.ts'
import { repairsText } from '../../../src/cli/repair/repairs-text.ts'

const entry = {
  key: 'k',
  step: 'own',
  cause: 'any',
  watch: 'w1',
  at: '2026-01-01T00:00:00.000Z',
  uptimeMs: 1,
  bootId: 'b',
}
const identity = { pid: 77, startTicks: '1', bootId: 'b' }
const step = {
  name: 'own',
  kind: 'samba' as const,
  causes: ['any'],
  program: { command: ['/bin/own'] },
  builtIn: false,
  limitS: 30,
  remote: false,
}
const seen: RepairsSeen = {
  builtIn: [
    { name: 'restart-smbd', kind: 'samba', causes: ['process-stopped'], command: ['/a', 'b'] },
    {
      name: 'export-again',
      kind: 'nfs',
      causes: ['x'],
      problem: 'exportfs is not installed',
      absence: { why: 'no-exportfs', names: 'exportfs' },
    },
  ],
  enabled: true,
  steps: [
    step,
    { ...step, name: 'two', watches: ['w1', 'w2'], forbidden: { why: 'per-hour', limit: 3 } },
    { ...step, name: 'three', forbidden: { why: 'per-day', limit: 9 } },
    { ...step, name: 'four', builtIn: true, forbidden: { why: 'broken-off', at: entry.at } },
  ],
  limits: { perHour: 3, perDay: 9, totalS: 180, settleS: 10, waitS: 20 },
  lastHour: 1,
  lastDay: 2,
  lately: [
    entry,
    { ...entry, end: { how: 'done', why: 'exit 0', ms: 5 }, mended: true },
    { ...entry, step: 'bad\u0007', end: { how: 'failed', why: 'exit 1', ms: 6 } },
  ],
}

t.test('a person reads what there is, what may be done, and what was', async (t) => {
  const text = repairsText(seen, '/etc/f', await loadRepairTexts('en'))
  t.match(text, /^ {2}restart-smbd +samba +process-stopped +\/a b$/m)
  t.match(text, /^ {2}export-again +nfs +x +none: exportfs is not installed$/m)
  t.match(text, /^ {2}own +samba +any +\/bin\/own \(kept secret\) +30 s +all +yes$/m)
  t.match(text, /^ {2}two .* w1 w2 +no: 3 steps an hour are the most$/m)
  t.match(text, /^ {2}three .*no: 9 steps a day are the most$/m)
  t.match(text, /^ {2}four .* \/bin\/own +30 s .*no: its monitor was killed while it ran \(/m)
  t.match(text, 'A repair takes at most 180 s')
  t.match(text, 'Limits: 1 of 3 steps in the last hour, 2 of 9 in the last 24 hours.')
  t.match(text, /w1 +own +any +not known +not known$/m)
  t.match(text, /exit 0 \(5 ms\) +yes$/m)
  t.match(text, /bad\\\S* .*exit 1 \(6 ms\) +no$/m)
  t.notMatch(text, '\u0007')
})

t.test('a step that can never begin is shown as one that may not, with the reason', async (t) => {
  const texts = await loadRepairTexts('en')
  const shown = (more: Partial<RepairsSeen>, language = texts) =>
    repairsText({ ...seen, ...more }, '/etc/f', language)
  const missing = { ...step, obstacle: { why: 'missing', path: '/bin/own' } } as const
  const open = { why: 'not-roots-alone', path: '/opt', mode: '0777', uid: 7 } as const
  const late = { why: 'too-long', needed: 200.5, total: 180 } as const
  t.match(shown({ steps: [missing] }), /all +no: there is no \/bin\/own$/m)
  t.match(
    shown({ steps: [{ ...step, obstacle: open, forbidden: { why: 'per-hour', limit: 3 } }] }),
    /all +no: others than root may write \/opt \(mode 0777, uid 7\)$/m,
  )
  t.match(shown({ steps: [{ ...step, obstacle: late }] }), /no: it needs 200\.5 s .* 180 s$/m)
  t.match(shown({ enabled: false }), /own .* all +no: enabled = false$/m)
  t.match(shown({ problem: 'EACCES' }), /own .* no: what was done lately cannot be read$/m)
  const japanese = await loadRepairTexts('ja')
  t.match(shown({ steps: [missing] }, japanese), /不可: \/bin\/own がありません$/m)
  t.match(shown({}, japanese), 'なし: exportfs がインストールされていません')
  t.notMatch(shown({}, japanese), 'is not installed')
})

t.test('how steps ended is told in the language of who asks', async (t) => {
  const ends = [
    { how: 'too-long', why: 'it did not end within 30 s', ms: 1 },
    { how: 'interrupted', why: 'it was broken off', ms: 2 },
    { how: 'not-started', why: '/x does not exist', ms: 3 },
    { how: 'failed', why: 'SIGKILL', ms: 4 },
  ] as const
  const lately = ends.map((end) => Object.assign({ end }, entry))
  const english = repairsText({ ...seen, lately }, '/etc/f', await loadRepairTexts('en'))
  t.match(english, /ended at its limit \(1 ms\)/)
  t.match(english, /broken off \(2 ms\)/)
  t.match(english, /not begun: \/x does not exist \(3 ms\)/)
  t.match(english, /SIGKILL \(4 ms\)/)
  const texts = await loadRepairTexts('ja')
  const japanese = repairsText({ ...seen, lately }, '/etc/f', texts)
  t.match(japanese, /制限時間で終了 \(1 ms\)/)
  t.match(japanese, /中断 \(2 ms\)/)
  t.notMatch(japanese, /did not end|broken off/)
  const damaged = { ...seen, problem: 'x is damaged; remove it', damaged: '/var/x' }
  t.match(repairsText(damaged, '/etc/f', texts), '/var/x が壊れています')
  t.notMatch(repairsText(damaged, '/etc/f', texts), 'is damaged')
})

t.test('what is under way, what cannot be read, and nothing at all', async (t) => {
  const texts = await loadRepairTexts('en')
  const now = { step: 'own', watch: 'w1', leader: identity, monitor: identity, untilUptimeMs: 1 }
  const { limits: _, ...without } = seen
  const none = { ...without, steps: [], lately: [] }
  const of = (more: Partial<RepairsSeen>) => repairsText({ ...none, ...more }, '/etc/f', texts)
  t.match(of({}), 'Nothing: there is no [repair] with a step')
  t.match(of({}), 'Nothing was done in the last 24 hours.')
  t.match(of({ underWay: { ...now, isOrphan: false } }), 'own (pid 77), begun by w1.')
  t.match(of({ underWay: { ...now, isOrphan: true } }), 'left behind by w1')
  t.match(of({ problem: 'EACCES' }), 'cannot be read: EACCES')
  t.match(repairsText({ ...seen, enabled: false }, '/f', texts), 'enabled = false')
  t.match(repairsText(seen, '/f', await loadRepairTexts('ja')), '制限: ')
})
