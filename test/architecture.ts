import { join } from 'node:path'
import t from 'tap'
import { violations } from './helpers/house-rules.ts'

t.test('the source tree keeps the rules of the house', async (t) => {
  t.strictSame(violations(join(import.meta.dirname, '..')), [])
})

const fine = 'export function one(): number {\n  return 1\n}\n'

type Broken = {
  name: string
  src: Record<string, Record<string, string>>
  test?: Record<string, Record<string, string>>
  expected: { rule: string; file: string }[]
}

const broken: Broken[] = [
  {
    name: 'a room that imports one above it',
    src: {
      wire: { 'a.ts': `import { one } from '../smb/b.ts'\nexport const two = one() + 1\n` },
      smb: { 'b.ts': fine },
    },
    expected: [{ rule: 'imports', file: 'src/wire/a.ts' }],
  },
  {
    name: 'an import at run time where only types are allowed',
    src: {
      watch: { 'a.ts': `import { one } from '../probe/b.ts'\nexport const two = one() + 1\n` },
      probe: { 'b.ts': fine },
    },
    expected: [{ rule: 'imports', file: 'src/watch/a.ts' }],
  },
  {
    name: 'an import that is only made when needed',
    src: {
      license: { 'a.ts': `export const two = async () => import('../alert/b.ts')\n` },
      alert: { 'b.ts': fine },
    },
    expected: [{ rule: 'imports', file: 'src/license/a.ts' }],
  },
  {
    name: 'something handed on from a room out of reach',
    src: {
      registry: { 'a.ts': `export { one } from '../alert/b.ts'\n` },
      alert: { 'b.ts': fine },
    },
    expected: [{ rule: 'imports', file: 'src/registry/a.ts' }],
  },
  {
    name: 'a room that is not in the plan',
    src: { utils: { 'a.ts': fine } },
    expected: [{ rule: 'unknown-room', file: 'src/utils/a.ts' }],
  },
  {
    name: 'two files that import each other',
    src: {
      wire: {
        'a.ts': `import { b } from './b.ts'\nexport function a(): void {\n  b()\n}\n`,
        'b.ts': `import { a } from './a.ts'\nexport function b(): void {\n  a()\n}\n`,
      },
    },
    expected: [{ rule: 'cycle', file: 'src/wire/a.ts' }],
  },
  {
    name: 'a source file without a test file',
    src: { wire: { 'a.ts': fine } },
    test: {},
    expected: [{ rule: 'test-missing', file: 'src/wire/a.ts' }],
  },
  ...['process.exit(1)', 'process.env.HOME', 'console.log(1)', 'process.exitCode = 1'].map(
    (use) => ({
      name: `${use} outside the command line`,
      src: { wire: { 'a.ts': `export function a(): void {\n  ${use}\n}\n` } },
      expected: [{ rule: 'cli-only', file: 'src/wire/a.ts' }],
    }),
  ),
  {
    name: 'the environment by way of an import',
    src: {
      wire: { 'a.ts': `import { env } from 'node:process'\nexport const home = () => env.HOME\n` },
    },
    expected: [{ rule: 'cli-only', file: 'src/wire/a.ts' }],
  },
  ...[
    'let a = 1',
    'var a = 1',
    'const a = new Map()',
    'const a: string[] = []',
    'const a = { b: 1 }',
    'const a = new Set([1])',
  ].map((state) => ({
    name: `state of a module: ${state}`,
    src: { wire: { 'a.ts': `export ${state}\n` } },
    expected: [{ rule: 'mutable-state', file: 'src/wire/a.ts' }],
  })),
]

for (const { name, src, test, expected } of broken) {
  t.test(`${name} is found`, async (t) => {
    const root = t.testdir({ src, test: test ?? structuredClone(src) })
    t.match(
      violations(root).map(({ rule, file }) => ({ rule, file })),
      expected,
    )
    t.equal(violations(root).length, expected.length)
  })
}

t.test('what the house allows is not held against it', async (t) => {
  const src = {
    watch: {
      'a.ts': `import type { B } from '../probe/b.ts'\nexport const make = (b: B): B => b\n`,
    },
    probe: { 'b.ts': `export type B = { c: number }\n` },
    wire: {
      'tables.ts':
        `export const a = ['x'] as const\n` +
        `export const b: ReadonlySet<string> = new Set(['x'])\n` +
        `export const c: Readonly<Record<string, number>> = { x: 1 }\n` +
        `export const d: readonly string[] = ['x']\n`,
    },
    cli: {
      'main.ts': `let started = false\nconsole.log(started)\nprocess.exit(process.env.A ? 1 : 0)\n`,
    },
  }
  const { probe: _typesOnly, ...tested } = src
  t.strictSame(violations(t.testdir({ src, test: structuredClone(tested) })), [])
})
