import { chart } from './chart.js'
import { byId, element, setText } from './element.js'
import { ask } from './server.js'
import { ageText, msText, text, timeText } from './texts.js'
import { shownState, stateMark } from './tree.js'

/** One watch in all that is known of it. */
export class Detail {
  #chosen
  #shown
  #mayControl = false
  #isOwn = false
  #isHeard = () => false
  #reading = false
  #again = false
  #openTable = false

  /** Looks at a watch from now on. */
  choose(chosen, { mayControl, isOwn, isHeard }) {
    this.#isHeard = isHeard
    this.#chosen = chosen
    this.#mayControl = mayControl
    this.#isOwn = isOwn
    if (this.#shown?.watch?.id !== chosen.id) this.#shown = undefined
    return this.refresh()
  }

  /** Which watch is looked at. */
  get chosen() {
    return this.#chosen
  }

  /** Reads the watch anew; while that is under way, once more afterwards. */
  async refresh() {
    if (this.#chosen === undefined) {
      this.draw()
      return
    }
    if (this.#reading) {
      this.#again = true
      return
    }
    this.#reading = true
    try {
      do {
        this.#again = false
        const { host, id } = this.#chosen
        const query = new URLSearchParams({ host })
        try {
          this.#shown = await ask(`/api/v1/watches/${id}?${query}`)
        } catch (error) {
          this.#shown = { problem: error.message || text('disconnected') }
        }
        this.draw()
      } while (this.#again)
    } finally {
      this.#reading = false
    }
  }

  /** Draws what is known. */
  draw() {
    const title = byId('detail-title')
    const body = byId('detail-body')
    if (this.#chosen === undefined) {
      setText(title, text('detail'))
      body.replaceChildren(element('p', { class: 'empty' }, text('chooseWatch')))
      return
    }
    setText(title, this.#chosen.id)
    if (this.#shown?.watch === undefined) {
      body.replaceChildren(element('p', { class: 'empty' }, this.#shown?.problem ?? ''))
      return
    }
    const { watch, checks } = this.#shown
    const table = body.querySelector('.as-table')
    if (table !== null) this.#openTable = table.open
    const focusedAction = document.activeElement?.dataset?.action
    const parts = [
      element(
        'p',
        { class: 'lead' },
        stateMark(shownState(watch, this.#isHeard())),
        ` ${sinceText(watch)}`,
      ),
      watch.lastCheck?.reason !== undefined || watch.problem !== undefined
        ? element('p', { class: 'reason' }, watch.lastCheck?.reason ?? watch.problem)
        : undefined,
      ...(watch.diagnosis?.causes ?? []).map((cause) =>
        element('p', { class: 'reason' }, `${text('facts.cause')}: ${cause.text} (${cause.key})`),
      ),
      this.#facts(watch),
      this.#controls(watch),
      element(
        'div',
        { class: 'charts' },
        element(
          'div',
          {},
          element('h3', {}, text('responseTimes')),
          chart(watch.tally?.recent ?? [], checks),
        ),
        stages(watch),
      ),
    ]
    body.replaceChildren(...parts.filter((part) => part !== undefined))
    const open = body.querySelector('.as-table')
    if (open !== null) open.open = this.#openTable
    if (focusedAction !== undefined) body.querySelector(`[data-action="${focusedAction}"]`)?.focus()
  }

  #facts(watch) {
    const facts = [
      ['target', watch.target],
      ['server', watch.server],
      ['host', this.#chosen.host],
      ['command', watch.command],
      ['failures', text('failuresOf', { n: watch.failures, c: watch.attempts })],
      ['lastResponse', msText(watch.lastResponseMs ?? watch.lastCheck?.ms)],
      ['lastCheck', timeText(watch.lastCheck?.at)],
      ['nextCheck', timeText(watch.nextCheck)],
      ['lastSuccess', timeText(watch.tally?.lastSuccessAt)],
      [
        'worstCase',
        watch.worstCaseMs === undefined ? '–' : `${Math.round(watch.worstCaseMs / 1000)} s`,
      ],
      ['process', String(watch.pid ?? '–')],
    ]
    if (watch.lateMs !== undefined) facts.push(['late', msText(watch.lateMs)])
    if (watch.pausedSince !== undefined && watch.state === 'paused') {
      facts.push(['pausedFor', ageText(watch.pausedSince)])
    }
    if (watch.pauseEnd !== undefined && watch.state === 'paused') {
      const { until, extensionsLeft } = watch.pauseEnd
      facts.push(['pauseEnds', text('pauseEndText', { until: timeText(until), extensionsLeft })])
    }
    for (const { id, since, text: said } of watch.warnings ?? []) {
      facts.push(['warning', `${id} (${timeText(since)}) ${said}`])
    }
    if (watch.repair !== undefined) {
      const { mended, notMended, now, last } = watch.repair
      const counts = text('repairCounts', { mended, notMended })
      const more = now === undefined ? last?.text : `${now.step} (${now.cause})`
      facts.push(['repair', more === undefined ? counts : `${counts}: ${more}`])
    }
    if (watch.drill !== undefined) {
      const { kind, until } = watch.drill
      facts.push(['drill', text('drillText', { kind, until: timeText(until) })])
    }
    if (watch.ended !== undefined) {
      const { how, exitStatus, drill } = watch.ended
      const end = text('endedHow', { how, status: exitStatus })
      facts.push(['end', drill === undefined ? end : text('endedInDrill', { end, kind: drill })])
    }
    const { tally } = watch
    if (tally !== undefined) facts.push(['checks', text('checkCounts', tally.checks)])
    return element(
      'dl',
      {},
      ...facts.map(([name, value]) =>
        element('div', {}, element('dt', {}, text(`facts.${name}`)), element('dd', {}, value)),
      ),
    )
  }

  #controls({ id, state }) {
    if (!this.#mayControl || !this.#isOwn) return undefined
    const note = element('span', { role: 'status' })
    const button = (action, isFor) => {
      const node = element(
        'button',
        { type: 'button', 'data-action': action, disabled: !isFor },
        text(action),
      )
      node.addEventListener('click', async () => {
        node.disabled = true
        try {
          await ask(`/api/v1/watches/${id}/${action}`, { method: 'POST' })
          await this.refresh()
        } catch (error) {
          note.textContent = error.message
          node.disabled = false
        }
      })
      return node
    }
    const runs = ['watching', 'failing', 'repairing', 'abnormal', 'starting'].includes(state)
    return element(
      'p',
      { class: 'controls' },
      button('pause', runs),
      button('continue', state === 'paused'),
      note,
    )
  }
}

function sinceText({ state, since, ended }) {
  const time = state === 'ended' ? (ended?.at ?? since) : since
  return time === undefined ? '' : text('since', { time: timeText(time), age: ageText(time) })
}

/** Of each stage how long it took in all, and the last time. */
function stages({ tally, lastCheck }) {
  const known = tally?.stages ?? []
  if (known.length === 0) return ''
  const heads = ['stage', 'last', 'mean', 'ninetyFive', 'count']
  const edges = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 60_000]
  const rows = known.map(({ name, counts, sumMs, count }) => {
    const last = lastCheck?.stages.find((stage) => stage.name === name)?.ms
    const at = counts.findIndex((within) => within >= count * 0.95)
    const ninetyFive = at < 0 ? '> 60 s' : `≤ ${msText(edges[at])}`
    const cells = [
      msText(last),
      msText(count === 0 ? undefined : sumMs / count),
      ninetyFive,
      String(count),
    ]
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...cells.map((cell) => element('td', { class: 'number' }, cell)),
    )
  })
  return element(
    'table',
    { class: 'stages' },
    element('caption', {}, text('stagesCaption')),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...heads.map((head) => element('th', { scope: 'col' }, text(`stages.${head}`))),
      ),
    ),
    element('tbody', {}, ...rows),
  )
}
