import { byId, element } from './element.js'
import { ask } from './server.js'
import { text, timeText } from './texts.js'

const pageLength = 50
const grave = ['info', 'warn', 'error']
const levelShapes = { error: '▲', warn: '◆', info: '●' }

/** The alert view: the newest first, with filter and pages; what comes is put on top of the first page. */
export class Alerts {
  #rows = []
  #cursors = [undefined]
  #next = null
  #missing = []
  #unseen = 0
  #asked = 0
  #announcing = []
  #several = false

  constructor() {
    let timer
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void this.#first(), 200)
    }
    byId('filter').addEventListener('input', later)
    byId('filter').addEventListener('submit', (event) => {
      event.preventDefault()
      later()
    })
    byId('newer').addEventListener('click', () => void this.#turn(-1))
    byId('older').addEventListener('click', () => void this.#turn(1))
  }

  /** Whether hosts are told apart by their names. */
  set several(several) {
    this.#several = several
  }

  /** Reads the present page anew; resolves with where to listen on from. */
  async load(untilReady) {
    this.#asked += 1
    const asked = this.#asked
    const query = new URLSearchParams({ limit: String(pageLength) })
    const { level, event, words } = filterNow()
    if (level !== '') query.set('level', level)
    if (event !== '') query.set('event', event)
    if (words !== '') query.set('text', words)
    const cursor = this.#cursors.at(-1)
    if (cursor !== undefined) query.set('cursor', cursor)
    const page = await ask(`/api/v1/alerts?${query}`)
    await untilReady
    if (asked !== this.#asked) return page.resume
    this.#rows = page.alerts
    this.#next = page.cursor
    this.#missing = page.missing
    if (this.#cursors.length === 1) this.#unseen = 0
    this.draw()
    return page.resume
  }

  /** A host tells again; what it could not tell when the page was read belongs there too. */
  heard(host) {
    if (this.#missing.includes(host)) void this.#loadAndSay()
  }

  /** Takes an alert that has just come. */
  take(alert) {
    this.#announcing.push(alert)
    if (this.#announcing.length === 1) setTimeout(() => this.#announce(), 1000)
    if (!matches(alert)) return
    if (this.#cursors.length > 1) {
      this.#unseen += 1
      this.#drawNote()
      return
    }
    if (this.#rows.some((row) => keyOf(row) === keyOf(alert))) return
    this.#rows.unshift(alert)
    if (this.#rows.length > pageLength * 2) {
      // The next page begins where this one was read to; what is cut off here is read again with it.
      void this.load().catch(() => {})
      return
    }
    const row = this.#row(alert)
    row.classList.add('new')
    byId('rows').querySelector('.empty')?.parentElement.remove()
    byId('rows').prepend(row)
  }

  /** Draws the page that was read. */
  draw() {
    const rows = this.#rows.map((alert) => this.#row(alert))
    if (rows.length === 0) {
      rows.push(
        element('tr', {}, element('td', { colspan: '7', class: 'empty' }, text('noAlerts'))),
      )
    }
    byId('rows').replaceChildren(...rows)
    byId('newer').disabled = this.#cursors.length === 1
    byId('older').disabled = this.#next === null
    byId('page-number').textContent = text('page', { n: this.#cursors.length })
    this.#drawNote()
  }

  #drawNote() {
    const notes = []
    if (this.#unseen > 0) notes.push(text('unseen', { n: this.#unseen }))
    if (this.#missing.length > 0) notes.push(text('missing', { hosts: this.#missing.join(', ') }))
    byId('alerts-note').textContent = notes.join(' ')
  }

  async #first() {
    this.#cursors = [undefined]
    await this.#loadAndSay()
  }

  async #turn(by) {
    if (by > 0 && this.#next !== null) this.#cursors.push(this.#next)
    if (by < 0 && this.#cursors.length > 1) this.#cursors.pop()
    await this.#loadAndSay()
  }

  async #loadAndSay() {
    try {
      await this.load()
    } catch (error) {
      byId('alerts-note').textContent = error.message || text('disconnected')
    }
  }

  #row(alert) {
    const { received, time, level, server, module, id, message, host, detail } = alert
    const shape = element(
      'span',
      { class: 'shape', 'aria-hidden': 'true' },
      levelShapes[level] ?? '●',
    )
    const where = this.#several && host !== server ? `${server} (${host})` : server
    const details = Object.entries(detail ?? {})
    return element(
      'tr',
      { class: `level-${['info', 'warn', 'error'].includes(level) ? level : 'info'}` },
      element('td', { class: 'when' }, timeText(received)),
      element('td', { class: 'when' }, timeText(time)),
      element('td', { class: 'level' }, shape, ` ${levelText(level)}`),
      element('td', { 'data-name': text('server') }, where),
      element('td', { 'data-name': text('module') }, module),
      element(
        'td',
        { class: 'number', 'data-name': text('event') },
        id === null ? '–' : String(id),
      ),
      element(
        'td',
        { class: 'message' },
        message,
        details.length === 0
          ? undefined
          : element(
              'details',
              {},
              element('summary', {}, text('more')),
              element(
                'span',
                {},
                details.map(([name, value]) => `${name}: ${shown(value)}`).join('  '),
              ),
            ),
      ),
    )
  }

  /** Says what came, at most once a second; a flood is only counted. */
  #announce() {
    const came = this.#announcing
    this.#announcing = []
    const [first] = came
    const said =
      came.length === 1
        ? `${text('newAlert')}: ${levelText(first.level)} ${first.server} ${first.message}`
        : text('newAlerts', { n: came.length })
    byId('announcer').replaceChildren(element('span', {}, said))
  }
}

/** The same choice as the server's, for what comes while the page is open. */
function matches({ level, id, message }) {
  const wanted = filterNow()
  if (grave.indexOf(level) < grave.indexOf(wanted.level)) return false
  if (wanted.event !== '' && id !== Number(wanted.event)) return false
  return message.toLowerCase().includes(wanted.words.toLowerCase())
}

function filterNow() {
  const [event = ''] = /\d{1,4}/.exec(byId('filter-event').value) ?? []
  return {
    level: byId('filter-level').value,
    event,
    words: byId('filter-text').value.trim(),
  }
}

function levelText(level) {
  return ['info', 'warn', 'error'].includes(level) ? text(`levels.${level}`) : level
}

function keyOf({ host, position }) {
  return `${host} ${position}`
}

function shown(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
