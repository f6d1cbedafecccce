import { Alerts } from './alerts.js'
import { Detail } from './detail.js'
import { byId, setText } from './element.js'
import { AnswerError, ask, listen, useToken } from './server.js'
import { chosenLanguage, rememberLanguage, text, timeText, useLanguage } from './texts.js'
import { Tree } from './tree.js'

// Asked for together with everything else.
const speaking = useLanguage(chosenLanguage())
const hosts = new Map()
const alerts = new Alerts()
const detail = new Detail()
const tree = new Tree((chosen) => {
  rememberChosen(chosen)
  choose(chosen)
  if (matchMedia('(max-width: 60rem)').matches) byId('detail').focus()
})

let mayControl = false
let own = ''
let connection = { isUp: false, since: undefined }
let losing
let listening

/** What the server knows of all watches, in place of what was known here. */
async function readWatches() {
  const [answer] = await Promise.all([ask('/api/v1/watches'), speaking])
  own = answer.host
  mayControl = answer.control
  hosts.clear()
  for (const host of answer.hosts) {
    hosts.set(host.host, {
      ...host,
      watches: new Map(host.watches.map((watch) => [watch.id, watch])),
    })
  }
  alerts.several = hosts.size > 1
  setText(byId('host'), own)
  tree.show([...hosts.values()])
  const chosen = detail.chosen ?? chosenInAddress() ?? tree.gravest()
  if (chosen !== undefined) choose(chosen)
  else detail.draw()
}

function choose(chosen) {
  tree.choose(chosen)
  void detail.choose(chosen, {
    mayControl,
    isOwn: chosen.host === own,
    isHeard: () => hosts.get(chosen.host)?.reachable === true && connection.isUp,
  })
}

function onEvent(name, data) {
  if (name === 'alert') alerts.take(data)
  else if (name === 'reset') void alerts.load().catch(() => {})
  else apply(name, data)
}

function apply(name, data) {
  const host = hosts.get(data.host)
  if (host === undefined) return
  if (name === 'host') {
    Object.assign(host, { problem: undefined }, data)
    tree.show([...hosts.values()])
    if (data.reachable) alerts.heard(data.host)
    if (data.host === detail.chosen?.host) void detail.refresh()
  } else if (name === 'watch') {
    const before = host.watches.get(data.watch.id)
    if (before !== undefined && before.revision >= data.revision) return
    host.watches.set(data.watch.id, { ...data.watch, revision: data.revision })
    tree.update(data.host, data.watch)
    if (data.host === detail.chosen?.host && data.watch.id === detail.chosen?.id)
      void detail.refresh()
  } else if (name === 'gone' && (host.watches.get(data.id)?.revision ?? 0) < data.revision) {
    host.watches.delete(data.id)
    tree.show([...hosts.values()])
  }
}

function setConnection(isUp) {
  if (connection.isUp !== isUp || connection.since === undefined) {
    connection = { isUp, since: new Date().toISOString() }
  }
  document.body.classList.toggle('stale', !isUp)
  clearTimeout(losing)
  // A connection that comes back at once is worth no alarm.
  if (isUp) tree.isLost = false
  else losing = setTimeout(() => (tree.isLost = true), 5000)
  drawConnection()
}

function drawConnection() {
  const { isUp, since } = connection
  if (since === undefined) return
  const said = isUp ? text('connected') : text('disconnectedSince', { time: timeText(since) })
  setText(byId('connection'), said)
  byId('connection').className = isUp ? 'up' : 'down'
}

/** Listens from now on, anew where that is under way already. */
function start() {
  listening?.abort()
  listening = new AbortController()
  void listen({ onUp, onEvent, onDown, signal: listening.signal })
}

/**
 * Events wait from here on, so nothing is between them and what is read now. Alerts are read only the first
 * time, and come by themselves later, from where we were.
 */
async function onUp(isFirst) {
  const [resume] = await Promise.all([isFirst ? alerts.load(speaking) : undefined, readWatches()])
  byId('login').hidden = true
  setConnection(true)
  return resume
}

function onDown(error) {
  setConnection(false)
  if (error instanceof AnswerError && error.status === 401) {
    listening?.abort()
    void askForToken()
  }
}

async function askForToken() {
  await speaking
  const form = byId('login')
  if (!form.hidden) setText(byId('login-problem'), text('tokenWrong'))
  form.hidden = false
  byId('token').focus()
}

function chosenInAddress() {
  const query = new URLSearchParams(location.search)
  const id = query.get('watch')
  return id === null ? undefined : { host: query.get('host') ?? own, id }
}

function rememberChosen({ host, id }) {
  const url = new URL(location.href)
  url.searchParams.set('host', host)
  url.searchParams.set('watch', id)
  history.replaceState(null, '', url)
}

for (const button of document.querySelectorAll('[data-language]')) {
  button.addEventListener('click', () => void changeLanguage(button.dataset.language))
}
async function changeLanguage(language) {
  await useLanguage(language)
  rememberLanguage()
  tree.show([...hosts.values()])
  alerts.draw()
  detail.draw()
  drawConnection()
}
byId('login').addEventListener('submit', (event) => {
  event.preventDefault()
  useToken(byId('token').value.trim())
  byId('token').value = ''
  start()
})
// Ages grow even when nothing happens.
setInterval(() => tree.show([...hosts.values()]), 30_000)

start()
