import t from 'tap'
import { ConfigError } from '../../src/config/config-error.ts'

t.test(
  'an error of the configuration has all that is wrong, and names the first of it',
  async (t) => {
    const values = { allowed: 'x' }
    const one = { file: '/a', line: 2, key: 'k', trouble: 'unknown-key', values } as const
    const other = { file: '/a', line: 3, key: 'j', trouble: 'missing', values: {} } as const
    t.match(new ConfigError([one, other]), {
      name: 'ConfigError',
      problems: [one, other],
      message: '/a:2: k: unknown-key',
    })
  },
)
