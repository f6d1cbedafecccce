/** Makes an element; texts become text, whatever is in them. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children)
}

/** Makes an element of a drawing. */
export function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

/** The element of an id, which the page always has. */
export function byId(id) {
  return document.getElementById(id)
}

/** Puts a text in its place, and leaves it alone where it is there already: screen readers say it again otherwise. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}
