import { readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { machineIdFiles, machineNames, settleMachine } from '../../src/license/machine.ts'

const id = '0123456789abcdef0123456789abcdef'

t.test('a machine is called after its id, without giving the id away', async (t) => {
  const directory = t.testdir({
    'machine-id': `${id}\n`,
    dashed: `01234567-89AB-cdef-0123-456789abcdef`,
  })
  const [name = '', ...others] = machineNames(directory, [join(directory, 'dashed')])
  t.match(name, /^[0-9a-f]{32}$/)
  t.not(name, id)
  t.strictSame(others, [], 'the same id is one name')
  t.equal(settleMachine(directory, []), name)
})

t.test('ids that are none are passed over', async (t) => {
  const directory = t.testdir({
    lib: {},
    empty: '',
    early: 'uninitialized\n',
    zero: `${'0'.repeat(32)}\n`,
    good: id,
  })
  const files = ['none', 'empty', 'early', 'zero'].map((name) => join(directory, name))
  const lib = join(directory, 'lib')
  t.strictSame(machineNames(lib, files), [])
  t.equal(machineNames(lib, [...files, join(directory, 'good')]).length, 1)
})

t.test('a machine without an id is given one, which stays', async (t) => {
  const lib = join(t.testdir(), 'a/lib')
  const name = settleMachine(lib, [])
  t.match(name, /^[0-9a-f]{32}$/)
  t.equal(settleMachine(lib, []), name)
  t.strictSame(machineNames(lib, []), [name])
  t.equal(statSync(join(lib, 'machine-id')).mode & 0o777, 0o600)
})

t.test('when the system gets an id later, the machine is still known by its first', async (t) => {
  const lib = t.testdir({ system: id })
  const name = settleMachine(lib, [])
  const names = machineNames(lib, [join(lib, 'system')])
  t.equal(names.length, 2)
  t.equal(names[1], name)
})

t.test('an id of ours that was damaged, or put elsewhere by a link, is replaced', async (t) => {
  const lib = t.testdir({ 'machine-id': 'half', other: 'kept' })
  t.match(settleMachine(lib, []), /^[0-9a-f]{32}$/)
  const linked = t.testdir({ other: 'kept' })
  symlinkSync(join(linked, 'other'), join(linked, 'machine-id'))
  t.match(settleMachine(linked, []), /^[0-9a-f]{32}$/)
  t.equal(readFileSync(join(linked, 'other'), 'utf8'), 'kept')
})

t.test('a directory that cannot be written is an error', async (t) => {
  const directory = t.testdir({ file: '' })
  t.throws(() => settleMachine(join(directory, 'file/lib'), []), { code: 'ENOTDIR' })
})

t.test("the system's ids are where systems keep them", async (t) => {
  t.ok(machineIdFiles.includes('/etc/machine-id'))
})
