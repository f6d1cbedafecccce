import { drawing, element } from './element.js'
import { msText, text, timeText } from './texts.js'

const width = 720
const height = 200
const left = 52
const bottom = 22
const top = 14
const places = 60

/**
 * The response times of the last checks, the oldest at the left, each a pile of its stages. `recent` are
 * those that the record counts, without stages; `checks` those that the server saw, with them.
 */
export function chart(recent, checks) {
  const bars = merged(recent, checks).slice(-places)
  const most = niceAbove(Math.max(1, ...bars.map(({ ms }) => ms)))
  const names = [...new Set(bars.flatMap(({ stages }) => stages.map(({ name }) => name)))]
  const step = (width - left) / places
  const scale = (ms) => ((height - bottom - top) * ms) / most
  const nodes = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => gridLine(most * part, scale))
  for (const [at, bar] of bars.entries()) {
    const x = left + (places - bars.length + at) * step + 1
    nodes.push(barOf(bar, x, step - 2, scale, names))
  }
  for (const at of [0, bars.length - 1]) {
    const bar = bars[at]
    if (bar === undefined || (at > 0 && bars.length < 8)) continue
    const x = left + (places - bars.length + at + 0.5) * step
    nodes.push(
      drawing(
        'text',
        {
          x,
          y: height - 6,
          class: 'axis',
          'text-anchor': at === 0 && bars.length > 8 ? 'start' : 'end',
        },
        timeText(bar.at).slice(11),
      ),
    )
  }
  const failed = bars.filter(({ verdict }) => verdict === 'failed').length
  const values = {
    count: bars.length,
    failed,
    most: msText(Math.max(0, ...bars.map(({ ms }) => ms))),
    last: msText(bars.at(-1)?.ms),
  }
  return element(
    'figure',
    {},
    drawing(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': text('chartLabel', values) },
      ...nodes,
    ),
    legend(names, bars),
    asTable(bars, names),
  )
}

function merged(recent, checks) {
  const withStages = new Map(checks.map((check) => [Date.parse(check.at), check]))
  const verdicts = ['ok', 'failed', 'cannot-judge', 'discarded']
  const bars = new Map(
    recent.map(([atMs, ms, verdict]) => [
      atMs,
      { at: new Date(atMs).toISOString(), ms, verdict: verdicts[verdict], stages: [] },
    ]),
  )
  for (const [atMs, check] of withStages) bars.set(atMs, check)
  return [...bars].toSorted(([a], [b]) => a - b).map(([, bar]) => bar)
}

function barOf({ at, ms, verdict, stages }, x, wide, scale, names) {
  const group = drawing('g', {})
  group.append(drawing('title', {}, `${timeText(at)} ${text(`verdicts.${verdict}`)} ${msText(ms)}`))
  const base = height - bottom
  const known = stages.reduce((sum, stage) => sum + stage.ms, 0)
  const whole = Math.max(1, scale(ms))
  group.append(
    drawing('rect', { x, y: base - whole, width: wide, height: whole, class: `bar ${verdict}` }),
  )
  let y = base
  for (const { name, ms: stageMs } of stages) {
    const high = Math.min(scale(stageMs), y - (base - whole))
    if (known <= 0 || high <= 0) continue
    y -= high
    const stage = names.indexOf(name) % 8
    group.append(drawing('rect', { x, y, width: wide, height: high, class: `stage-${stage}` }))
  }
  if (verdict === 'failed') {
    const middle = x + wide / 2
    const tip = Math.max(2, base - whole - 10)
    const points = `${middle},${tip} ${middle - 4},${tip + 8} ${middle + 4},${tip + 8}`
    group.append(drawing('polygon', { points, class: 'failed-mark' }))
  }
  return group
}

function gridLine(ms, scale) {
  const y = height - bottom - scale(ms)
  return [
    drawing('line', { x1: left, x2: width, y1: y, y2: y, class: 'grid' }),
    drawing('text', { x: left - 6, y: y + 4, class: 'axis', 'text-anchor': 'end' }, msText(ms)),
  ]
}

function legend(names, bars) {
  const items = names.map((name, at) =>
    element(
      'li',
      {},
      element('span', { class: `key stage-${at % 8}`, 'aria-hidden': 'true' }),
      name,
    ),
  )
  if (bars.some(({ stages }) => stages.length === 0)) {
    const key = element('span', { class: 'key whole', 'aria-hidden': 'true' })
    items.push(element('li', {}, key, text('wholeCheck')))
  }
  if (bars.some(({ verdict }) => verdict === 'failed')) {
    const key = element('span', { class: 'failed-key', 'aria-hidden': 'true' }, '▲')
    items.push(element('li', {}, key, text('verdicts.failed')))
  }
  return element('ul', { class: 'legend' }, ...items)
}

/** The same for whoever does not see the drawing. */
function asTable(bars, names) {
  const details = element('details', { class: 'as-table' }, element('summary', {}, text('asTable')))
  // Nobody waits for a table that is not looked at.
  details.addEventListener('toggle', () => details.append(table(bars, names)), { once: true })
  return details
}

function table(bars, names) {
  const heads = [text('time'), text('verdict'), text('total'), ...names]
  const rows = bars.toReversed().map(({ at, ms, verdict, stages }) => {
    const cells = names.map((name) => msText(stages.find((stage) => stage.name === name)?.ms))
    const all = [timeText(at), text(`verdicts.${verdict}`), msText(ms), ...cells]
    return element('tr', {}, ...all.map((cell) => element('td', {}, cell)))
  })
  return element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': text('asTable') },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head))),
      ),
      element('tbody', {}, ...rows),
    ),
  )
}

function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 10].map((times) => times * power).find((nice) => nice >= value)
}
