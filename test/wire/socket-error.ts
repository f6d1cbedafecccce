import t from 'tap'
import { SocketError } from '../../src/wire/socket-error.ts'

function nodeError(syscall: string | undefined, code?: string, errno?: number) {
  return Object.assign(new Error('x'), { syscall, code, errno }) as NodeJS.ErrnoException
}

t.test('the system call tells the operation, the number is positive', async (t) => {
  for (const [syscall, operation] of [
    ['bind', 'bind'],
    ['connect', 'connect'],
    ['write', 'send'],
    ['shutdown', 'send'],
    ['send', 'send'],
    ['read', 'receive'],
    ['recvmsg', 'receive'],
  ] as const) {
    const cause = nodeError(syscall, 'ECONNRESET', -104)
    t.match(SocketError.from(cause, 'connect'), {
      operation,
      code: 'ECONNRESET',
      errno: 104,
      cause,
    })
  }
})

t.test('an error without a call or a code belongs to what was asked for', async (t) => {
  t.match(SocketError.from(nodeError(undefined), 'send'), {
    operation: 'send',
    code: 'UNKNOWN',
    errno: 0,
  })
})

t.test('a socket that cannot be made is not a connection that failed', async (t) => {
  t.equal(SocketError.from(nodeError('connect', 'EMFILE', -24), 'connect').operation, 'socket')
})

t.test('a connection closed in good order has number 0', async (t) => {
  t.match(SocketError.closedByPeer(), { operation: 'receive', code: 'EOF', errno: 0 })
  t.notOk('cause' in SocketError.closedByPeer())
})
