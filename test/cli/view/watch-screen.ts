import t from 'tap'
import { displayWidth } from '../../../src/cli/view/columns.ts'
import { painter } from '../../../src/cli/view/paint.ts'
import { firstScreen, type ScreenState } from '../../../src/cli/view/screen-state.ts'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { drawWatches, type Canvas, type Scene } from '../../../src/cli/view/watch-screen.ts'
import type { RecentCheck } from '../../../src/registry/tally.ts'
import type { SeenWatch } from '../../../src/view/watches.ts'
import { sampleAlert } from '../../helpers/sample-alert.ts'

const en = await loadViewTexts('en')
const ja = await loadViewTexts('ja')
const now = new Date(2026, 0, 2, 4, 0, 0)
const recent: RecentCheck[] = Array.from({ length: 60 }, (_, i) => [i, 10, i > 56 ? 1 : 0])

function watch(more: Partial<SeenWatch> = {}): SeenWatch {
  return {
    id: 'watch1',
    state: 'watching',
    since: new Date(2026, 0, 2, 3, 0, 0).toISOString(),
    command: 'clp_sambamon',
    target: 'pub',
    server: '192.0.2.1',
    pid: 1,
    failures: 0,
    attempts: 6,
    lastResponseMs: 12.4,
    nextCheck: new Date(now.getTime() + 20_000).toISOString(),
    tally: {
      checks: { ok: 57, failed: 3, cannotJudge: 0, discarded: 0 },
      recent,
      stages: [],
      pausedMs: 0,
    },
    ...more,
  }
}

const { nextCheck: _, ...withoutNext } = watch()
const { tally: __, since: ___, lastResponseMs: ____, ...bare } = watch()
const paused = { ...withoutNext, id: 'p', state: 'paused', pausedForMs: 3_720_000 } as const
const ended = { at: '', how: 'abnormal', exitStatus: 1 }
const everything: SeenWatch[] = [
  watch(),
  watch({ id: 'b', state: 'failing', failures: 3, target: '共有', server: '192.0.2.9' }),
  paused,
  { ...withoutNext, id: 'e', state: 'ended', ended },
  { ...withoutNext, id: 'v', state: 'vanished' },
  { ...bare, id: 'u', state: 'unreadable', attempts: 0, problem: 'it is empty\x1b[2J' },
]

function draw(
  scene: Partial<Scene> = {},
  canvas: Partial<Canvas> = {},
  state: Partial<ScreenState> = {},
) {
  const whole = { server: 'server1', now, watches: everything, alerts: [sampleAlert()], ...scene }
  const where = {
    columns: 160,
    rows: 20,
    isUtf8: true,
    paint: painter(false),
    words: en,
    ...canvas,
  }
  const { lines, extent } = drawWatches(whole, { ...firstScreen, ...state }, where)
  const line = (start: string) => lines.find((each) => each.startsWith(start)) ?? ''
  return { lines, extent, line, text: lines.join('\n') }
}

t.test('every watch is shown with its state, times, failures, next check and last checks', (t) => {
  const { line, lines } = draw()
  t.equal(lines.length, 20)
  t.match(lines[0], /^server1 +2026\/01\/02 04:00:00 +monitors: 6 +watching 1 +failing 1/)
  t.match(lines[1], /^ID +STATE +SINCE +RESPONSE +FAILED +NEXT CHECK +CHECKS/)
  t.match(line('watch1'), /watching +2026\/01\/02 03:00:00 +12 ms +0\/6 +in 20 s +[▁-█]+xxx$/)
  t.match(line('b '), /failing .* 3\/6 /)
  t.match(line('p '), /paused .* paused 1 h 2 min /)
  t.match(line('e '), /ended .* abnormal, exit 1 /)
  t.match(line('v '), /vanished .* - /)
  t.match(line('u '), /unreadable +- +- +- +it is empty\\u001b\[2J *$/)
  t.match(lines.at(-3), 'Last alerts')
  t.match(
    lines.at(-2),
    /^ERROR  2026\/01\/02 03:04:05  server1  sambamon  watch1  6  The clp_sambamon will/,
  )
  t.match(lines.at(-1), /^q end/)
  t.end()
})

for (const words of [en, ja]) {
  for (const columns of [1, 20, 79, 80, 100, 139, 140, 200, 300]) {
    for (const rows of [1, 3, 5, 12, 24, 100]) {
      const at = `${words === ja ? 'ja' : 'en'} ${columns}x${rows}`
      t.test(`nothing sticks out of a screen, and columns stay: ${at}`, (t) => {
        const many = Array.from({ length: 50 }, (_, i) =>
          watch({ id: i % 2 ? `watch${i}` : 'x'.repeat(i), target: '共有' }),
        )
        const alerts = Array.from({ length: 50 }, () => sampleAlert({ message: '共有'.repeat(90) }))
        const { lines, extent } = draw({ watches: many, alerts }, { columns, rows, words })
        t.ok(lines.length <= rows)
        for (const line of lines) t.ok(displayWidth(line) <= columns, line)
        t.ok(extent.page >= 1)
        t.equal(extent.total, 50)
        t.end()
      })
    }
  }
}

t.test('columns stay below each other in Japanese', (t) => {
  const { lines } = draw({}, { words: ja })
  const places = [...lines.slice(1, 3), lines[3] ?? ''].map((line) =>
    displayWidth(line.slice(0, Math.max(line.indexOf('開始時刻'), line.indexOf('2026/')))),
  )
  t.equal(new Set(places).size, 1, lines.slice(0, 5).join('\n'))
  t.end()
})

t.test('where there is little room a time is short, and checks are left out at last', (t) => {
  const yesterday = watch({ since: new Date(2026, 0, 1, 3, 0, 0).toISOString() })
  t.match(draw({}, { columns: 100 }).line('watch1'), /watching +03:00:00 .*[▁-█]+xxx$/)
  t.match(draw({ watches: [yesterday] }, { columns: 100 }).line('watch1'), / 01\/01 03:00 /)
  t.notMatch(draw({}, { columns: 60 }).line('watch1'), /[▁-█]/)
  t.end()
})

t.test('a filter and a place show a part', (t) => {
  const only = (filter: string) =>
    draw({}, { rows: 12 }, { filter }).lines.filter((line) => /^(watch1|[bpevu]) /.test(line))
      .length
  t.same(['', 'PAUSED', '192.0.2.9', '共有', 'watch1', 'nothing'].map(only), [6, 1, 1, 1, 1, 0])
  const part = draw({}, { rows: 8 }, { top: 2, filter: '' })
  t.equal(part.extent.total, 6)
  t.match(part.lines.at(-1), new RegExp(`^3-${2 + part.extent.page}/6 `))
  t.match(part.lines[2], /^p /)
  t.match(draw({}, {}, { filter: 'a\x1b' }).lines.at(-1), String.raw`filter: a\u001b`)
  t.match(draw({}, {}, { filter: 'ab', isTyping: true }).lines.at(-1), '/ab_')
  t.match(draw({}, {}, { filter: 'nothing' }).text, 'No monitor matches.')
  t.end()
})

t.test('nothing to show is said', (t) => {
  const { text } = draw({ watches: [], alerts: [] })
  t.match(text, 'No monitors are known here.')
  t.match(text, /Last alerts\nnone/)
  t.match(draw({ problem: 'EACCES' }).lines[0], /EACCES$/)
  t.end()
})

t.test('with colours what is bad stands out, and the text is the same', (t) => {
  const coloured = draw({}, { paint: painter(true) })
  t.match(coloured.text, '\x1b[1;31mx\x1b[0m')
  // oxlint-disable-next-line no-control-regex
  t.equal(coloured.text.replaceAll(/\x1b\[[\d;]*m/g, ''), draw().text)
  t.match(
    draw({ alerts: [sampleAlert({ level: 'warn' }), sampleAlert({ level: 'info' })] }).text,
    'WARN',
  )
  t.end()
})

t.test('a next check that is due or has no sense is not shown', (t) => {
  t.match(
    draw({ watches: [watch({ nextCheck: new Date(0).toISOString() })] }).line('watch1'),
    / - /,
  )
  t.match(draw({ watches: [watch({ nextCheck: 'garbage' })] }).line('watch1'), / - /)
  t.match(draw({ watches: [watch({ state: 'starting' })] }).line('watch1'), 'starting')
  t.end()
})
