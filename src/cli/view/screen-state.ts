/** What the person before the screen has asked to see. */
export type ScreenState = {
  /** the first watch that is shown */
  top: number
  /** only watches that this is part of */
  filter: string
  /** the filter is being typed */
  isTyping: boolean
  isOver: boolean
}

/** How a screen begins. */
export const firstScreen: Readonly<ScreenState> = {
  top: 0,
  filter: '',
  isTyping: false,
  isOver: false,
}

/** How much there is to scroll through: watches in all, and how many of them are seen at once. */
export type Extent = { total: number; page: number }

const longestFilter = 60

/** What one key or one piece of text does to a screen. */
export function press(state: ScreenState, key: string, extent: Extent): ScreenState {
  // Ctrl-C and Ctrl-D end the view whatever it is doing.
  if (key === '\x03' || key === '\x04') return { ...state, isOver: true }
  return state.isTyping ? type(state, key) : command(state, key, extent)
}

/** Keeps what is shown within what there is. */
export function within(state: ScreenState, { total, page }: Extent): ScreenState {
  const top = Math.max(0, Math.min(state.top, total - page))
  return top === state.top ? state : { ...state, top }
}

/** Takes what a terminal sends apart into keys; what is no key of ours comes as it is. */
export function keysOf(input: string): string[] {
  // oxlint-disable-next-line no-control-regex -- keys are told by control characters
  return input.match(/\x1b\[[\d;]*[~A-Za-z]|\x1bO[A-Za-z]|[^]/gu) ?? []
}

function type(state: ScreenState, key: string): ScreenState {
  if (key === '\r' || key === '\n') return { ...state, isTyping: false }
  if (key === '\x1b') return { ...state, filter: '', isTyping: false }
  if (key === '\x7f' || key === '\b') {
    return { ...state, filter: Array.from(state.filter).slice(0, -1).join(''), top: 0 }
  }
  if (/^\p{C}/u.test(key) || state.filter.length >= longestFilter) return state
  return { ...state, filter: state.filter + key, top: 0 }
}

function command(state: ScreenState, key: string, extent: Extent): ScreenState {
  const { top } = state
  const to = (wanted: number): ScreenState => within({ ...state, top: wanted }, extent)
  switch (key) {
    case 'q':
    case 'Q':
      return { ...state, isOver: true }
    case '/':
      return { ...state, isTyping: true }
    case '\x1b':
      return { ...state, filter: '', top: 0 }
    case '\x1b[A':
    case '\x1bOA':
    case 'k':
      return to(top - 1)
    case '\x1b[B':
    case '\x1bOB':
    case 'j':
      return to(top + 1)
    case '\x1b[5~':
    case 'b':
      return to(top - extent.page)
    case '\x1b[6~':
    case ' ':
      return to(top + extent.page)
    case '\x1b[H':
    case '\x1b[1~':
    case 'g':
      return to(0)
    case '\x1b[F':
    case '\x1b[4~':
    case 'G':
      return to(extent.total)
    default:
      return state
  }
}
