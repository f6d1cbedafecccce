/** The way to a value: the keys of its tables, and its place in lists. */
export type TomlPath = readonly (string | number)[]

/**
 * The lines on which the keys and the elements of lists stand in a text that is TOML, whatever way
 * they are written in. What has no line of its own has that of what it is in; the text itself has 0.
 */
export function tomlLines(text: string): (path: TomlPath) => number {
  const lines = new TomlScanner(text).scan()
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const line = lines.get(idOf(path.slice(0, length)))
      if (line !== undefined) return line
    }
    return 0
  }
}

function idOf(path: TomlPath): string {
  return JSON.stringify(path)
}

/** Goes through a text that a parser has found to be right, and so needs to refuse nothing. */
class TomlScanner {
  readonly #text: string
  readonly #lines = new Map<string, number>()
  /** how many tables each `[[list]]` has so far */
  readonly #counts = new Map<string, number>()
  #at = 0
  #line = 1

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, '')
  }

  scan(): ReadonlyMap<string, number> {
    let table: TomlPath = []
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      if (this.#sees('[[')) table = this.#header(2)
      else if (this.#sees('[')) table = this.#header(1)
      else this.#pair(table)
    }
    return this.#lines
  }

  #header(brackets: number): TomlPath {
    this.#advance(brackets)
    const line = this.#line
    const keys = this.#keys(']')
    this.#advance(brackets)
    const path: (string | number)[] = []
    for (const [at, key] of keys.entries()) {
      path.push(key)
      const isLast = at === keys.length - 1
      const count = this.#counts.get(idOf(path))
      // A table that was only on the way to others gets the line of its own heading.
      if (isLast && brackets === 1 && count === undefined) this.#lines.set(idOf(path), line)
      this.#note(path, line)
      if (isLast && brackets === 2) {
        this.#counts.set(idOf(path), (count ?? 0) + 1)
        path.push(count ?? 0)
        this.#note(path, line)
      } else if (count !== undefined) path.push(count - 1)
    }
    return path
  }

  #pair(table: TomlPath): void {
    const line = this.#line
    const path = [...table]
    for (const key of this.#keys('=')) {
      path.push(key)
      this.#note(path, line)
    }
    this.#advance(1)
    this.#skip()
    this.#value(path)
  }

  /** The parts of a key up to what ends it. */
  #keys(end: string): string[] {
    const keys: string[] = []
    while (this.#at < this.#text.length && !this.#sees(end)) {
      const from = this.#at
      if (this.#sees('"')) {
        this.#quoted('"')
        keys.push(unescape(this.#text.slice(from + 1, this.#at - 1)))
      } else if (this.#sees("'")) {
        this.#quoted("'")
        keys.push(this.#text.slice(from + 1, this.#at - 1))
      } else {
        const [bare = ''] = /^[\w-]*/.exec(this.#text.slice(from, from + 1024)) ?? []
        if (bare !== '') keys.push(this.#longer(bare))
        else this.#advance(1)
      }
    }
    return keys
  }

  /** A bare key may be longer than what was looked at. */
  #longer(bare: string): string {
    const from = this.#at
    this.#advance(bare.length)
    while (/[\w-]/.test(this.#text.charAt(this.#at))) this.#advance(1)
    return this.#text.slice(from, this.#at)
  }

  #value(path: TomlPath): void {
    for (const quote of ['"""', "'''", '"', "'"] as const) {
      if (!this.#sees(quote)) continue
      this.#quoted(quote)
      return
    }
    if (this.#sees('[')) this.#list(path)
    else if (this.#sees('{')) this.#inlineTable(path)
    else while (/[^,\]}#\n]/.test(this.#text.charAt(this.#at))) this.#advance(1)
  }

  #quoted(quote: string): void {
    const hasEscapes = quote.startsWith('"')
    this.#advance(quote.length)
    while (this.#at < this.#text.length && !this.#sees(quote)) {
      this.#advance(hasEscapes && this.#sees('\\') ? 2 : 1)
    }
    this.#advance(quote.length)
    // One or two more belong to the text before them.
    while (quote.length === 3 && this.#sees(quote.charAt(0))) this.#advance(1)
  }

  #list(path: TomlPath): void {
    this.#advance(1)
    for (let index = 0; this.#hasMore(']'); index += 1) {
      this.#note([...path, index], this.#line)
      this.#value([...path, index])
    }
  }

  #inlineTable(path: TomlPath): void {
    this.#advance(1)
    while (this.#hasMore('}')) this.#pair(path)
  }

  /** Goes on to the next element, or past the end. */
  #hasMore(end: string): boolean {
    for (this.#skip(); this.#sees(','); this.#skip()) this.#advance(1)
    const isOver = this.#at >= this.#text.length || this.#sees(end)
    if (isOver) this.#advance(1)
    return !isOver
  }

  /** Past blanks, ends of lines and comments. */
  #skip(): void {
    while (this.#at < this.#text.length) {
      if (this.#sees('#')) {
        while (this.#at < this.#text.length && !this.#sees('\n')) this.#advance(1)
      } else if (/\s/.test(this.#text.charAt(this.#at))) this.#advance(1)
      else return
    }
  }

  #sees(what: string): boolean {
    return this.#text.startsWith(what, this.#at)
  }

  #advance(count: number): void {
    for (const until = this.#at + count; this.#at < until; this.#at += 1) {
      if (this.#text.charAt(this.#at) === '\n') this.#line += 1
    }
  }

  #note(path: TomlPath, line: number): void {
    const id = idOf(path)
    if (!this.#lines.has(id)) this.#lines.set(id, line)
  }
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\u001b',
}

function unescape(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/g,
    (_, two?: string, four?: string, eight?: string, one = '') => {
      const hex = two ?? four ?? eight
      return hex === undefined ? (escapes[one] ?? one) : String.fromCodePoint(parseInt(hex, 16))
    },
  )
}
