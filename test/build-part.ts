import t from 'tap'

const file: string = new URL('../scripts/build.d/part.mjs', import.meta.url).href
// The build is no part of the program, and has no types.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const { partOf } = (await import(file)) as { partOf: (chunk: string) => string }

t.test('a part that declares a name of what it is given is refused, and named', async (t) => {
  for (const name of ['exports', 'load', 'lazy', 'require']) {
    for (const form of [
      `function ${name}() {}`,
      `async function ${name}() {}`,
      `var ${name} = 1;`,
    ]) {
      t.throws(() => partOf(`var a = 1;\n${form}\n`), { message: new RegExp(`'${name}'`) }, form)
    }
  }
})

t.test(
  'such a name within a function, or as a part of another one, is nobody’s business',
  async (t) => {
    const chunk = 'function loader() {\n  const load = 1;\n  return load;\n}\nvar requires = 2;\n'
    t.match(partOf(chunk), /function loader/)
  },
)
