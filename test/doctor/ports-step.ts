import { join } from 'node:path'
import t from 'tap'
import { judgePorts, usedPorts } from '../../src/doctor/ports-step.ts'

const some = (count: number) => new Set(Array.from({ length: count }, (_, at) => 512 + at))

t.test('few and no free ports matter only to watches of NFS', async (t) => {
  t.match(judgePorts(some(512), 0), [{ grade: 'ok', what: 'notNeeded' }])
  t.match(judgePorts(some(512), 1), [{ grade: 'failure', what: 'none', values: { free: 0 } }])
  t.match(judgePorts(some(449), 1), [{ grade: 'warning', what: 'few', values: { free: 63 } }])
  t.match(judgePorts(some(10), 3), [{ grade: 'ok', what: 'enough', values: { watches: 3 } }])
})

t.test("the kernel's tables are read, each port once", async (t) => {
  const head = '  sl  local_address rem_address   st\n'
  const directory = t.testdir({
    tcp: `${head}   0: 0100007F:0200 00000000:0000 0A\n   1: 00000000:03FF 0100007F:0801 06\n`,
    tcp6: `${head}   0: 00000000000000000000000000000000:0200 0:0 0A\n  11: 0:0400 0:0 0A\n`,
  })
  const files = ['tcp', 'tcp6', 'missing'].map((name) => join(directory, name))
  t.same([...usedPorts(files)], [512, 1023])
  t.ok(usedPorts().size <= 512)
})
