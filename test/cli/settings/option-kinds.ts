import t from 'tap'
import { ConfigError } from '../../../src/config/config-error.ts'
import { settled, understandToml } from '../../../src/config/read-toml.ts'
import { table } from '../../../src/config/table.ts'
import { optionTable } from '../../../src/cli/monitor/option-table.ts'
import {
  keyOf,
  optionKinds,
  optionsWithDefaults,
  secretKeys,
} from '../../../src/cli/settings/option-kinds.ts'

const commands = ['clp_sambamon', 'clp_nfsmon'] as const

t.test('every option that says how to watch may have a default, and no other', async (t) => {
  const kept = new Set([
    'check',
    'json',
    'nagios',
    'force',
    'drill',
    'drillSeconds',
    'password',
    'share',
    'directory',
  ])
  for (const command of commands) {
    const expected = optionTable[command].filter(({ name }) => !kept.has(name))
    t.strictSame(optionsWithDefaults(command), expected)
  }
})

t.test('an option has the same bounds as on the command line', async (t) => {
  for (const command of commands) {
    const kind = table(optionKinds(optionsWithDefaults(command)), secretKeys)
    for (const spec of optionsWithDefaults(command)) {
      const key = keyOf(spec)
      const isGood = async (value: string) => {
        try {
          settled(await understandToml('/f', `${key} = ${value}`, kind))
          return true
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          return false
        }
      }
      switch (spec.rule) {
        case 'integer':
        case 'decimal':
          t.ok(await isGood(String(spec.min)), `${key}: the least`)
          t.ok(await isGood(String(spec.max)), `${key}: the most`)
          t.notOk(await isGood(String(spec.min - 1)), `${key}: less`)
          t.notOk(await isGood(String(spec.max + 1)), `${key}: more`)
          t.notOk(await isGood(`"${spec.min}"`), `${key}: a text`)
          break
        case 'choice':
          for (const word of spec.of) t.ok(await isGood(`"${word}"`), `${key}: ${word}`)
          t.notOk(await isGood('"none"'), `${key}: another`)
          break
        case 'flag':
          t.ok(await isGood('true'), key)
          t.notOk(await isGood('"true"'), key)
          break
        case 'amount':
          for (const good of ['1', '1.5G', '99.9%']) t.ok(await isGood(`"${good}"`), key)
          for (const bad of ['0', '100%', '1X', '']) t.notOk(await isGood(`"${bad}"`), key)
          break
        case 'text':
          t.ok(await isGood(`"${'x'.repeat(255)}"`), key)
          t.notOk(await isGood(`"${'x'.repeat(256)}"`), key)
          t.notOk(await isGood('""'), key)
      }
    }
  }
})

t.test('keys are written as the long options are', async (t) => {
  t.equal(keyOf({ name: 'retryInterval' }), 'retry-interval')
  t.equal(keyOf({ name: 'wait' }), 'wait')
})
