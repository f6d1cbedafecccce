import t from 'tap'
import { hidePassword, withoutAttached } from '../../../src/cli/monitor/hide-password.ts'

const shown = (...argv: string[]) => hidePassword('clp_sambamon', argv)

t.test('the password is hidden and all the rest is shown', async (t) => {
  t.equal(
    shown('a', '-s', 'pub', '-u', 'watcher', '-p', 'Secret', '-i', '5'),
    'clp_sambamon a -s pub -u watcher -p *** -i 5',
  )
  t.equal(hidePassword('clp_nfsmon', ['b', '-d', '/x', '-n2049']), 'clp_nfsmon b -d /x -n2049')
})

t.test('a value that looks like the option hides nothing and shifts nothing', async (t) => {
  t.equal(shown('a', '-s', '-p', '-p', '-s'), 'clp_sambamon a -s -p -p ***')
  t.equal(shown('a', '-p', '-p', '-u', 'x'), 'clp_sambamon a -p *** -u x')
  t.equal(shown('a', '-p'), 'clp_sambamon a -p')
})

t.test('a password attached to the option by mistake is hidden as well', async (t) => {
  t.equal(shown('a', '-pSecret'), 'clp_sambamon a -p***')
  t.equal(shown('a', '-pause'), 'clp_sambamon a -pause')
  t.equal(withoutAttached('-p'), '-p')
})
