/**
 * Makes of a chunk of esbuild's, which is an ES module, a function that a program's loader calls: ES modules start
 * slower than CommonJS, and no compiled code can be kept of them before Node 22.
 *
 * Only the forms that esbuild writes are known; another one stays what it is, and is no JavaScript any more in a
 * function, so that the build fails.
 */
export function partOf(chunk) {
  const [, taken] = ownNames.exec(chunk) ?? []
  if (taken !== undefined) {
    throw new Error(
      `a top-level '${taken}' would hide what a part is given under that name: call it something else`,
    )
  }
  const tail = []
  const body = chunk
    .replaceAll(/^import (?:(\w+)|\* as (\w+)|\{([^}]*)\}) from "([^"]+)";$/gm, importOf)
    .replaceAll(/^import "([^"]+)";$/gm, (_, from) => `load(${nameOf(from)});`)
    .replaceAll(/^export \{([^}]*)\};$/gm, (_, list) => {
      for (const [local, name] of namesIn(list)) tail.push(`exports.${name} = ${local};`)
      return ''
    })
    .replaceAll(/^export default /gm, 'exports.default = ')
    .replaceAll(/\bimport\("([^"]+)"\)/g, (_, from) => `lazy(${nameOf(from)})`)
  return `(function(exports, load, lazy, require) { ${body}\n${tail.join('\n')}\n})`
}

/** Declares, where a line begins, what the function is given. */
const ownNames =
  /^(?:export )?(?:async )?(?:function\*?|class|var|let|const) (exports|load|lazy|require)\b/m

function importOf(_, whole, space, list, from) {
  const load = `load(${nameOf(from)})`
  if (space !== undefined) return `const ${space} = ${load};`
  if (whole !== undefined) {
    return `const ${whole} = ${from.startsWith('.') ? `${load}.default` : load};`
  }
  const names = namesIn(list).map(([name, local]) => (name === local ? name : `${name}: ${local}`))
  return `const { ${names.join(', ')} } = ${load};`
}

function namesIn(list) {
  return list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [first, second = first] = each.split(' as ')
      return [first, second]
    })
}

function nameOf(from) {
  return JSON.stringify(from.replace(/^\.\//, ''))
}
