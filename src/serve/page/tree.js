import { byId, element } from './element.js'
import { ageText, msText, text } from './texts.js'

/** Shapes go with states, so that nobody depends on colours; a text goes with every shape. */
const shapes = {
  starting: '○',
  watching: '●',
  failing: '▲',
  paused: '❙❙',
  ending: '○',
  ended: '■',
  abnormal: '✖',
  vanished: '✖',
  hangs: '◆',
  unreadable: '?',
  unknown: '?',
  none: '–',
}

/** The gravest first. */
const gravity = [
  'abnormal',
  'vanished',
  'failing',
  'hangs',
  'unreadable',
  'unknown',
  'paused',
  'starting',
  'ending',
  'watching',
  'ended',
]

/**
 * What is shown of a watch: an end by the server's fault is told from one in good order, and of what was
 * last heard before its host fell silent nothing is said.
 */
export function shownState({ state, ended }, isHeard = true) {
  if (!isHeard) return 'unknown'
  return state === 'ended' && ended?.exitStatus === 1 ? 'abnormal' : state
}

/** A state as shape and text. */
export function stateMark(state) {
  return element(
    'span',
    { class: `state ${state}` },
    element('span', { class: 'shape', 'aria-hidden': 'true' }, shapes[state] ?? '?'),
    ' ',
    text(`states.${state}`),
  )
}

/** The tree of hosts, servers and watches. */
export class Tree {
  #hosts = []
  #chosen
  #onChoose
  #closed = new Set()
  #items = new Map()
  #frame = 0
  #isLost = false

  constructor(onChoose) {
    this.#onChoose = onChoose
    byId('only-attention').addEventListener('change', () => this.#draw())
  }

  /** Shows everything anew. */
  show(hosts) {
    this.#hosts = hosts
    this.#soon()
  }

  /** Whether the server itself has fallen silent, and with it all hosts. */
  set isLost(isLost) {
    if (this.#isLost === isLost) return
    this.#isLost = isLost
    this.#soon()
  }

  /** The gravest watch of all, for who has chosen none. */
  gravest() {
    const all = this.#hosts.flatMap(({ host, watches }) =>
      [...watches.values()].map((watch) => ({ host, id: watch.id, state: shownState(watch) })),
    )
    return all.toSorted((a, b) => gravity.indexOf(a.state) - gravity.indexOf(b.state))[0]
  }

  /** Shows what has changed of one watch; one that is new, or in another state, needs the whole tree. */
  update(host, watch) {
    const item = this.#items.get(`${host} ${watch.id}`)
    if (item === undefined || item.state !== shownState(watch, item.isHeard)) {
      this.#soon()
      return
    }
    item.facts.textContent = factsText(watch)
  }

  /** Marks the watch that is looked at. */
  choose(chosen) {
    const before = this.#items.get(keyOf(this.#chosen))
    before?.button.removeAttribute('aria-current')
    this.#chosen = chosen
    this.#items.get(keyOf(chosen))?.button.setAttribute('aria-current', 'true')
  }

  #soon() {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  #draw() {
    const focused = document.activeElement?.dataset?.key
    this.#items.clear()
    const onlyAttention = byId('only-attention').checked
    const nodes = this.#hosts.map((host) => this.#hostNode(host, onlyAttention))
    const isEmpty = this.#hosts.every(({ watches }) => watches.size === 0)
    if (isEmpty) nodes.push(element('p', { class: 'empty' }, text('noWatches')))
    byId('tree').replaceChildren(...nodes)
    this.#drawCounts()
    if (focused !== undefined) {
      byId('tree')
        .querySelector(`[data-key="${CSS.escape(focused)}"]`)
        ?.focus()
    }
  }

  #hostNode(host, onlyAttention) {
    const watches = [...host.watches.values()].toSorted((a, b) => compare(a.id, b.id))
    const servers = Map.groupBy(watches, ({ server, id }) => server || id)
    const lists = [...servers].flatMap(([server, those]) => {
      const needs = (watch) => needsAttention(shownState(watch, this.#hears(host)))
      const shown = onlyAttention ? those.filter(needs) : those
      return shown.length === 0
        ? []
        : [this.#group(`${host.host} ${server}`, server, those, shown, host)]
    })
    const gone = host.reachable
      ? undefined
      : element(
          'p',
          { class: 'gone' },
          text('hostGone', { age: ageText(host.since), reason: host.problem ?? '' }),
        )
    return this.#details(
      host.host,
      [element('span', { class: 'name' }, host.host), this.#summary(watches, host)],
      [gone, ...lists],
      'host',
    )
  }

  #group(key, server, all, shown, host) {
    const list = element('ul', {}, ...shown.map((watch) => this.#item(host, watch)))
    const name = element('span', { class: 'name' }, server)
    return this.#details(key, [name, this.#summary(all, host)], [list], 'server')
  }

  #details(key, summary, content, kind) {
    const details = element(
      'details',
      { class: kind, open: !this.#closed.has(key) },
      element('summary', { 'data-key': key }, ...summary),
      ...content,
    )
    details.addEventListener('toggle', () => {
      if (details.open) this.#closed.delete(key)
      else this.#closed.add(key)
    })
    return details
  }

  #item(board, watch) {
    const { host } = board
    const key = `${host} ${watch.id}`
    const isHeard = this.#hears(board)
    const state = shownState(watch, isHeard)
    const facts = element('span', { class: 'facts' }, factsText(watch))
    const button = element(
      'button',
      { type: 'button', 'data-key': key, 'aria-current': keyOf(this.#chosen) === key && 'true' },
      element('span', { class: 'id' }, watch.id),
      stateMark(state),
      element('span', { class: 'target' }, watch.target || watch.problem || ''),
      facts,
    )
    button.addEventListener('click', () => this.#onChoose({ host, id: watch.id }))
    this.#items.set(key, { button, facts, state, isHeard })
    return element('li', {}, button)
  }

  #hears({ reachable }) {
    return reachable && !this.#isLost
  }

  /** The gravest state of a group, and how many of it are in it. */
  #summary(watches, host) {
    const states = watches.map((watch) => shownState(watch, this.#hears(host)))
    if (states.length === 0) return stateMark(this.#hears(host) ? 'none' : 'unknown')
    const gravest = gravity.find((state) => states.includes(state))
    const count = states.filter((state) => state === gravest).length
    return element('span', { class: 'group' }, stateMark(gravest), ` ${count}/${watches.length}`)
  }

  #drawCounts() {
    const counts = new Map()
    for (const host of this.#hosts) {
      for (const watch of host.watches.values()) {
        const state = shownState(watch, this.#hears(host))
        counts.set(state, (counts.get(state) ?? 0) + 1)
      }
    }
    const shown = gravity.filter((state) => counts.has(state))
    byId('counts').replaceChildren(
      ...shown.map((state) => element('li', {}, stateMark(state), ` ${counts.get(state)}`)),
    )
  }
}

function needsAttention(state) {
  return !['watching', 'ended', 'starting', 'ending'].includes(state)
}

function factsText({ state, failures, attempts, lastResponseMs, lastCheck, pausedSince, since }) {
  if (state === 'failing') return `${failures}/${attempts}`
  if (state === 'paused') return ageText(pausedSince ?? since)
  const ms = lastResponseMs ?? lastCheck?.ms
  return ms === undefined ? '' : msText(ms)
}

function keyOf(chosen) {
  return chosen === undefined ? '' : `${chosen.host} ${chosen.id}`
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}
