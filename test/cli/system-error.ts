import { openSync } from 'node:fs'
import t from 'tap'
import { systemError } from '../../src/cli/system-error.ts'

function failing(): unknown {
  try {
    openSync('/nonexistent/file', 'r')
  } catch (error) {
    return error
  }
  return undefined
}

t.test("the system's call and number are told", async (t) => {
  t.match(systemError(failing()), { id: 42, text: 'open', nn: 2, detail: { code: 'ENOENT' } })
})

t.test('they are found in the cause as well', async (t) => {
  const outer = new Error('cannot register', { cause: failing() })
  t.match(systemError(outer), { text: 'open', nn: 2, detail: { reason: 'Error: cannot register' } })
})

t.test('an error of our own is internal, with number 0', async (t) => {
  t.match(systemError(new TypeError('bug')), { id: 42, text: 'internal', nn: 0 })
  t.match(systemError('text'), { text: 'internal', detail: { reason: 'text' } })
})
