import type { SeenAlert } from '../../view/seen-alert.ts'
import type { SeenWatch, WatchState } from '../../view/watches.ts'
import { duration, localTime } from '../monitor/disp-text.ts'
import { fill } from '../texts.ts'
import { alertCells } from './alert-table.ts'
import { cut, displayWidth, harmless, inColumns } from './columns.ts'
import type { Paint, Tone } from './paint.ts'
import type { Extent, ScreenState } from './screen-state.ts'
import { sparkline } from './sparkline.ts'
import type { ViewTexts } from './view-texts.ts'

/** What there is to be seen. */
export type Scene = {
  server: string
  now: Date
  watches: readonly SeenWatch[]
  /** the last ones, the oldest first */
  alerts: readonly SeenAlert[]
  /** why the watches cannot be seen now; those of before are shown */
  problem?: string
}

/** How it can be shown. */
export type Canvas = {
  columns: number
  /** undefined: as many as it takes */
  rows: number | undefined
  isUtf8: boolean
  paint: Paint
  words: ViewTexts
}

/** The lines of a screen, and how much there is to scroll through. */
export type Picture = { lines: string[]; extent: Extent }

const gap = '  '

/** Identifiers have 48 letters at most; longer ones than this are cut, so that the rest fits. */
const widestId = 24

const mostSparks = 60

const leastSparks = 8

/** From so many columns on there is room for whole dates. */
const roomy = 140

/** Draws the watches with the last alerts under them. */
export function drawWatches(scene: Scene, state: ScreenState, canvas: Canvas): Picture {
  const { columns, rows, words, paint } = canvas
  const shown = scene.watches.filter((watch) => isWanted(watch, state.filter, words))
  // Head, heading, the line above the alerts, and the keys.
  const free = rows === undefined ? Number.POSITIVE_INFINITY : Math.max(0, rows - 4)
  const alertRows = Math.min(Math.max(1, scene.alerts.length), Math.floor(free / 3) || 1, 20)
  const page = Math.max(1, Math.min(shown.length, free - alertRows))
  const [heading, ...lines] = watchLines(
    shown.slice(state.top, state.top + page),
    shown,
    scene.now,
    canvas,
  )
  const none = scene.watches.length === 0 ? words.none : words.noneMatch
  const foot =
    rows === undefined
      ? []
      : [
          state.isTyping
            ? `/${state.filter}_`
            : paint('faint', cut(keys(words, state, { total: shown.length, page }), columns)),
        ]
  const picture = [
    headLine(scene, canvas),
    paint('heading', heading ?? ''),
    ...(shown.length === 0 ? [cut(none, columns)] : lines),
  ]
  const below = [
    paint('heading', cut(words.alertsBelow, columns)),
    ...alertLines(scene.alerts.slice(-alertRows), canvas),
  ]
  const blank = rows === undefined ? 0 : rows - picture.length - below.length - foot.length
  const filler = Array.from({ length: Math.max(0, blank) }, () => '')
  return {
    lines: [...picture, ...filler, ...below, ...foot].slice(0, rows),
    extent: { total: shown.length, page },
  }
}

function keys(words: ViewTexts, { filter, top }: ScreenState, { total, page }: Extent): string {
  const part = page < total ? [`${top + 1}-${top + page}/${total}`] : []
  const only = filter === '' ? [] : [`${words.filter}: ${harmless(filter)}`]
  return [...part, ...only, words.keys].join(gap)
}

function isWanted(watch: SeenWatch, filter: string, words: ViewTexts): boolean {
  const { id, target, server, command, state } = watch
  const text = [id, target, server, command, words.state[state]].join('\n').toLowerCase()
  return text.includes(filter.toLowerCase())
}

function headLine(
  { server, now, watches, problem }: Scene,
  { columns, words, paint }: Canvas,
): string {
  const counts = new Map<WatchState, number>()
  for (const { state } of watches) counts.set(state, (counts.get(state) ?? 0) + 1)
  const states = Array.from(counts, ([state, count]) => `${words.state[state]} ${count}`)
  const parts = [
    harmless(server),
    localTime(now.toISOString()),
    fill(words.count, { count: watches.length }),
    ...states,
    ...(problem === undefined ? [] : [harmless(problem)]),
  ]
  return paint('heading', cut(parts.join(gap), columns))
}

function watchLines(
  shown: readonly SeenWatch[],
  all: readonly SeenWatch[],
  now: Date,
  canvas: Canvas,
): string[] {
  const { columns, words, paint, isUtf8 } = canvas
  const [
    idHead = '',
    stateHead = '',
    sinceHead = '',
    msHead = '',
    failedHead = '',
    nextHead = '',
    sparkHead = '',
  ] = words.watchHeading
  const ids = all.map(({ id }) => displayWidth(harmless(id)))
  const idWidth = Math.min(widestId, Math.max(displayWidth(idHead), ...ids))
  const stateWidth = Math.max(
    ...Object.values(words.state).map(displayWidth),
    displayWidth(stateHead),
  )
  const cells = shown.map((watch) => ({
    since: watch.since === undefined ? '-' : sinceText(watch.since, now, columns),
    response: watch.lastResponseMs === undefined ? '-' : `${Math.round(watch.lastResponseMs)} ms`,
    failed: watch.attempts === 0 ? '-' : `${watch.failures}/${watch.attempts}`,
    next: harmless(nextText(watch, now, words)),
  }))
  const widths = {
    since: widthOf(
      sinceHead,
      cells.map(({ since }) => since),
    ),
    response: widthOf(
      msHead,
      cells.map(({ response }) => response),
    ),
    failed: widthOf(
      failedHead,
      cells.map(({ failed }) => failed),
    ),
    next: Math.min(
      30,
      widthOf(
        nextHead,
        cells.map(({ next }) => next),
      ),
    ),
  }
  const fixed = [idWidth, stateWidth, ...Object.values(widths)]
  const used = fixed.reduce((sum, width) => sum + width + gap.length, 0)
  const sparks = Math.min(mostSparks, columns - used)
  const line = (texts: readonly string[], tones: readonly Tone[]): string => {
    let left = columns
    return texts
      .map((text, at) => {
        const piece = cut(inColumns(text, fixed[at] ?? 0) + gap, left)
        left -= displayWidth(piece)
        return paint(tones[at] ?? 'plain', piece)
      })
      .join('')
  }
  const heading = [idHead, stateHead, sinceHead, msHead, failedHead, nextHead]
  const lines = shown.map((watch, at) => {
    const { since = '', response = '', failed = '', next = '' } = cells[at] ?? {}
    const tone = toneOf(watch.state)
    const texts = [harmless(watch.id), words.state[watch.state], since, response, failed, next]
    const checks = sparks < leastSparks ? [] : sparkline(watch.tally?.recent ?? [], sparks, isUtf8)
    const drawn = checks.map(({ character, isGood }) => paint(isGood ? 'good' : 'bad', character))
    return (
      line(texts, ['plain', tone, 'faint', 'plain', watch.failures > 0 ? 'bad' : 'plain']) +
      drawn.join('')
    )
  })
  const headLineText = line(heading, []) + (sparks < leastSparks ? '' : cut(sparkHead, sparks))
  return [headLineText.trimEnd(), ...lines]
}

function widthOf(head: string, texts: readonly string[]): number {
  return Math.max(displayWidth(head), ...texts.map(displayWidth))
}

/** Where there is little room, of a day or a time only what tells it from the present. */
function sinceText(since: string, now: Date, columns: number): string {
  const text = localTime(since)
  if (columns >= roomy) return text
  const today = localTime(now.toISOString()).slice(0, 11)
  return text.startsWith(today) ? text.slice(11) : text.slice(5, -3)
}

function nextText(watch: SeenWatch, now: Date, words: ViewTexts): string {
  const isDrill = watch.drill !== undefined || watch.ended?.drill !== undefined
  return isDrill ? `DRILL ${plainNextText(watch, now, words)}` : plainNextText(watch, now, words)
}

function plainNextText(watch: SeenWatch, now: Date, words: ViewTexts): string {
  const { ended, pausedForMs, nextCheck, problem, state } = watch
  if (problem !== undefined) return problem
  if (ended !== undefined) return `${ended.how}, ${fill(words.exit, { status: ended.exitStatus })}`
  if (pausedForMs !== undefined && state === 'paused') {
    return fill(words.pausedFor, { time: spanText(pausedForMs) })
  }
  if (nextCheck === undefined) return '-'
  const leftMs = Date.parse(nextCheck) - now.getTime()
  return leftMs > 0 ? fill(words.inTime, { time: spanText(leftMs) }) : '-'
}

function spanText(ms: number): string {
  return duration(new Date(0).toISOString(), new Date(Math.ceil(ms / 1000) * 1000))
}

function toneOf(state: WatchState): Tone {
  switch (state) {
    case 'watching':
      return 'good'
    case 'failing':
    case 'repairing':
    case 'abnormal':
    case 'vanished':
    case 'hangs':
    case 'unreadable':
      return 'bad'
    case 'starting':
    case 'paused':
    case 'ending':
    case 'ended':
      return 'doubtful'
  }
}

function alertLines(alerts: readonly SeenAlert[], { columns, words, paint }: Canvas): string[] {
  if (alerts.length === 0) return [cut(words.noAlerts, columns)]
  const rows = alerts.map((alert) => alertCells(alert, words))
  // When it came in is of less interest here than when it was said.
  const shown = rows.map((cells) => cells.filter((_, at) => at !== 1))
  const widths = (shown[0] ?? []).map((_, at) =>
    Math.max(...shown.map((cells) => displayWidth(cells[at] ?? ''))),
  )
  return shown.map((cells, row) => {
    const last = cells.length - 1
    const text = cells
      .map((cell, at) => (at === last ? cell : inColumns(cell, widths[at] ?? 0)))
      .join(gap)
    const level = alerts[row]?.level
    return paint(
      level === 'error' ? 'bad' : level === 'warn' ? 'doubtful' : 'plain',
      cut(text, columns),
    )
  })
}
