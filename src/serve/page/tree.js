import { Branch, Filling } from './branch.js'
import { byId, element } from './element.js'
import { ageText, msText, text } from './texts.js'

/** Shapes go with states, so that nobody depends on colours; a text goes with every shape. */
const shapes = {
  starting: '○',
  watching: '●',
  failing: '▲',
  repairing: '▲',
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
  'repairing',
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

/**
 * So long it is worked at a stretch, before the browser may show what is there and take what is typed: at first
 * until something is there to be seen, later as long as nobody notices, for every picture between costs as much again.
 */
const [firstStretchMs, stretchMs] = [12, 40]

/** The tree of hosts, servers and watches; of thousands the first are there at once, and the others soon. */
export class Tree {
  #hosts = []
  #chosen
  #branches = new Map()
  #items = new Map()
  #isPlanned = false
  #work
  #isLost = false
  /** what is copied for each watch, which is much quicker than to make it */
  #pattern = watchPattern()
  #marks = new Map()

  constructor(onChoose) {
    byId('tree').addEventListener('click', ({ target }) => {
      const item = this.#items.get(target.closest('li button')?.dataset.key)
      if (item !== undefined) onChoose({ host: item.host, id: item.id })
    })
    byId('only-attention').addEventListener('change', () => this.#soon())
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
    this.#fill(item, watch)
  }

  /** Marks the watch that is looked at. */
  choose(chosen) {
    const before = this.#items.get(keyOf(this.#chosen))
    before?.button.removeAttribute('aria-current')
    this.#chosen = chosen
    this.#items.get(keyOf(chosen))?.button.setAttribute('aria-current', 'true')
  }

  #soon() {
    this.#work = undefined
    this.#plan((work) => requestAnimationFrame(work))
  }

  #plan(how) {
    if (this.#isPlanned) return
    this.#isPlanned = true
    how(() => this.#goOn())
  }

  /** Works for a while at what there is to draw; what is left is gone on with after others had their turn. */
  #goOn() {
    this.#isPlanned = false
    const focused = document.activeElement?.dataset?.key
    const isFirst = this.#work === undefined
    if (isFirst) this.#drawCounts()
    this.#work ??= this.#draw()
    const endMs = performance.now() + (isFirst ? firstStretchMs : stretchMs)
    let done = 0
    let step
    do step = this.#work.next()
    while (!step.done && ((done += 1) < 20 || performance.now() < endMs))
    byId('tree').ariaBusy = String(!step.done)
    if (!step.done) this.#plan(afterOthers)
    if (focused !== undefined && document.activeElement?.dataset?.key !== focused) {
      byId('tree')
        .querySelector(`[data-key="${CSS.escape(focused)}"]`)
        ?.focus()
    }
  }

  /** Brings the tree in line with what is known, a watch at a step. */
  *#draw() {
    const hosts = this.#hosts
    const onlyAttention = byId('only-attention').checked
    const known = new Set()
    const filling = new Filling(byId('tree'))
    for (const host of hosts) {
      const branch = this.#branch(known, { kind: 'host', key: host.host, name: host.host })
      const watches = [...host.watches.values()].toSorted((a, b) => compare(a.id, b.id))
      this.#say(branch, watches, host)
      filling.put(branch.node)
      yield* this.#drawServers({ branch, host, watches, onlyAttention, known })
    }
    if (hosts.every(({ watches }) => watches.size === 0)) {
      filling.put(element('p', { class: 'empty' }, text('noWatches')))
    }
    filling.end()
    for (const those of [this.#branches, this.#items]) {
      for (const key of those.keys()) if (!known.has(key)) those.delete(key)
    }
  }

  *#drawServers({ branch, host, watches, onlyAttention, known }) {
    const filling = new Filling(branch.content)
    if (!host.reachable) {
      const said = { age: ageText(host.since), reason: host.problem ?? '' }
      filling.put(element('p', { class: 'gone' }, text('hostGone', said)))
    }
    const needs = (watch) => needsAttention(shownState(watch, this.#hears(host)))
    for (const [name, those] of Map.groupBy(watches, ({ server, id }) => server || id)) {
      const key = `${host.host}\n${name}`
      const server = this.#branch(known, { kind: 'server', key, name })
      for (const { id } of those) known.add(`${host.host} ${id}`)
      const shown = onlyAttention ? those.filter(needs) : those
      if (shown.length === 0) continue
      this.#say(server, those, host)
      server.rows = shown.length
      filling.put(server.node)
      const list = new Filling(server.content)
      for (const watch of shown) {
        list.put(this.#item(host, watch).node)
        yield
      }
      list.end()
    }
    filling.end()
  }

  #branch(known, { kind, key, name }) {
    known.add(key)
    let branch = this.#branches.get(key)
    if (branch === undefined) this.#branches.set(key, (branch = new Branch({ kind, key, name })))
    return branch
  }

  #item(board, watch) {
    const { host } = board
    const key = `${host} ${watch.id}`
    const isHeard = this.#hears(board)
    let item = this.#items.get(key)
    if (item === undefined) {
      item = this.#newItem(host, watch.id)
      this.#items.set(key, item)
    }
    const state = shownState(watch, isHeard)
    const said = `${state} ${document.documentElement.lang}`
    if (item.said !== said) {
      const mark = this.#mark(state, said)
      item.mark.replaceWith(mark)
      Object.assign(item, { said, mark })
    }
    Object.assign(item, { state, isHeard })
    this.#fill(item, watch)
    return item
  }

  #newItem(host, id) {
    const key = `${host} ${id}`
    const node = this.#pattern.cloneNode(true)
    const button = node.firstChild
    const [name, mark, target, facts] = button.children
    button.dataset.key = key
    if (keyOf(this.#chosen) === key) button.setAttribute('aria-current', 'true')
    name.textContent = id
    return { host, id, node, button, mark, target, facts, texts: ['', ''] }
  }

  #mark(state, said) {
    let mark = this.#marks.get(said)
    if (mark === undefined) this.#marks.set(said, (mark = stateMark(state)))
    return mark.cloneNode(true)
  }

  #fill(item, watch) {
    const [target, facts] = [watch.target || watch.problem || '', factsText(watch)]
    if (item.texts[0] !== target) item.target.textContent = target
    if (item.texts[1] !== facts) item.facts.textContent = facts
    item.texts = [target, facts]
  }

  /** Says of a host or server its gravest state, and how many are in it. */
  #say(branch, watches, host) {
    const states = watches.map((watch) => shownState(watch, this.#hears(host)))
    const gravest = gravity.find((state) => states.includes(state))
    const count = states.filter((state) => state === gravest).length
    const none = this.#hears(host) ? 'none' : 'unknown'
    const counted = gravest === undefined ? '' : ` ${count}/${watches.length}`
    const state = gravest ?? none
    branch.say(`${state}${counted} ${document.documentElement.lang}`, () =>
      element('span', { class: 'group' }, stateMark(state), counted),
    )
  }

  #hears({ reachable }) {
    return reachable && !this.#isLost
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

function watchPattern() {
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button' },
      element('span', { class: 'id' }),
      element('span'),
      element('span', { class: 'target' }),
      element('span', { class: 'facts' }),
    ),
  )
}

/** Does some work after what the browser has to do for others: answers, pictures, keys. */
function afterOthers(work) {
  if (window.scheduler?.postTask === undefined) setTimeout(() => work())
  else void window.scheduler.postTask(work, { priority: 'background' })
}

function needsAttention(state) {
  return !['watching', 'ended', 'starting', 'ending'].includes(state)
}

function factsText(watch) {
  const isDrill = watch.drill !== undefined || watch.ended?.drill !== undefined
  return isDrill ? `DRILL ${plainFacts(watch)}` : plainFacts(watch)
}

function plainFacts({ state, failures, attempts, lastResponseMs, lastCheck, pausedSince, since }) {
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
