import t from 'tap'
import { refuseConfig } from '../../../src/cli/monitor/refuse-config.ts'
import { ConfigError } from '../../../src/config/config-error.ts'

t.test('every problem has its line, and the end says what that means', async (t) => {
  const problem = {
    file: '/f',
    line: 1,
    key: 'defaults.a',
    trouble: 'missing',
    values: {},
  } as const
  const error = new ConfigError([problem, { ...problem, line: 2 }])
  t.match(await refuseConfig(error, 'en'), [/^\/f:1: /, /^\/f:2: /, /\/f cannot be used; nothing/])
  t.match(await refuseConfig(error, 'ja'), [/^\/f:1: /, /^\/f:2: /, /開始していません/])
  t.match(await refuseConfig(new ConfigError([]), 'en'), [/nothing was started/])
})
