import { element } from './element.js'

/** A part of the tree that opens and closes: a host with its servers, or a server with its watches. */
export class Branch {
  #summary
  #said

  constructor({ kind, key, name }) {
    this.#said = element('span')
    this.#summary = element(
      'summary',
      { 'data-key': key },
      element('span', { class: 'name' }, name),
      this.#said,
    )
    this.content = element(kind === 'server' ? 'ul' : 'div')
    this.node = element('details', { class: kind, open: true }, this.#summary, this.content)
  }

  /** Says how the whole of it is; a text that stands there already is left alone. */
  say(key, make) {
    if (this.said === key) return
    this.said = key
    const said = make()
    this.#said.replaceWith(said)
    this.#said = said
  }

  /** How much room it takes while it is out of sight, where nothing of it is laid out. */
  set rows(rows) {
    if (this.counted === rows) return
    this.counted = rows
    this.node.style.setProperty('contain-intrinsic-block-size', `auto ${1.9 + 2.9 * rows}rem`)
  }
}

/** Puts nodes into a parent in their order, and moves only those that are out of place. */
export class Filling {
  #parent
  #next

  constructor(parent) {
    this.#parent = parent
    this.#next = parent.firstChild
  }

  put(node) {
    if (this.#next !== null && this.#next.nextSibling === node) this.#skip()
    if (this.#next === node) this.#next = node.nextSibling
    else this.#parent.insertBefore(node, this.#next)
  }

  /** Takes away what was not put. */
  end() {
    while (this.#next !== null) this.#skip()
  }

  #skip() {
    const left = this.#next
    this.#next = left.nextSibling
    left.remove()
  }
}
