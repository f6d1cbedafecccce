import t from 'tap'
import { dialectName, isDialect, offeredDialects } from '../../src/smb/dialect.ts'

t.test('offers the five dialects, oldest first, each with the name that people use', (t) => {
  t.same(offeredDialects, [0x0202, 0x0210, 0x0300, 0x0302, 0x0311])
  t.same(offeredDialects.map(dialectName), ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'])
  t.end()
})

t.test('knows no others', (t) => {
  for (const offered of offeredDialects) t.ok(isDialect(offered))
  for (const other of [0, 1, 0x02ff, 0x0310, 0x0312, 0xffff]) t.notOk(isDialect(other))
  t.end()
})
