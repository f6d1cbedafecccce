import t from 'tap'
import { ConfigError } from '../../src/config/config-error.ts'

t.test('an error of the configuration says where it is', async (t) => {
  t.match(new ConfigError('syntax', { file: '/a', line: 2, key: 'k', allowed: 'x' }), {
    name: 'ConfigError',
    trouble: 'syntax',
    file: '/a',
    line: 2,
    key: 'k',
    allowed: 'x',
    message: '/a: syntax k',
  })
  t.match(new ConfigError('unreadable', { file: '/a' }), { line: 0, message: '/a: unreadable' })
})
