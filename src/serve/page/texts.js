const key = 'clp-fsmon-language'
const known = new Set(['en', 'ja'])
let texts = {}
let language = 'en'

/** The language asked for in the address, else the one chosen last, else the browser's. */
export function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get('lang')
  const wanted = [asked, remembered(), ...navigator.languages.map((each) => each.slice(0, 2))]
  return wanted.find((each) => known.has(each)) ?? 'en'
}

/** Shows the page in a language from now on. */
export async function useLanguage(wanted) {
  const response = await fetch(`/page/${wanted}.json`)
  if (!response.ok) throw new Error(`texts: ${response.status}`)
  texts = await response.json()
  language = wanted
  document.documentElement.lang = wanted
  for (const node of document.querySelectorAll('[data-text]')) {
    node.textContent = text(node.dataset.text)
  }
  for (const node of document.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', text(node.dataset.label))
  }
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === wanted))
  }
}

/** Keeps the language for the next time, in the address too, so that it goes along with a link. */
export function rememberLanguage() {
  const url = new URL(location.href)
  url.searchParams.set('lang', language)
  history.replaceState(null, '', url)
  try {
    localStorage.setItem(key, language)
  } catch {
    // Then the address alone keeps it.
  }
}

/** A text by its key, such as `states.failing`, with its open places filled. */
export function text(name, values = {}) {
  let found = texts
  for (const part of name.split('.')) found = found?.[part]
  if (typeof found !== 'string') return name
  return found.replace(/\{(\w+)\}/g, (open, place) => String(values[place] ?? open))
}

/** A time of day as the alert view shows it. */
export function timeText(time) {
  const date = new Date(time ?? NaN)
  if (Number.isNaN(date.getTime())) return '–'
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('/')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}

/** How long ago something was, in one unit. */
export function ageText(time, nowMs = Date.now()) {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(time)) / 1000))
  const [value, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7200
        ? [Math.round(seconds / 60), 'minute']
        : seconds < 172_800
          ? [Math.round(seconds / 3600), 'hour']
          : [Math.round(seconds / 86_400), 'day']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(
    value,
  )
}

/** A response time. */
export function msText(ms) {
  if (ms === undefined) return '–'
  if (ms >= 1000) return `${Number((ms / 1000).toPrecision(3))} s`
  return ms >= 100 ? `${Math.round(ms)} ms` : `${Number(ms.toPrecision(2))} ms`
}

function two(value) {
  return String(value).padStart(2, '0')
}

function remembered() {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
