import t from 'tap'
import { decodeEmptyBody, emptyBody } from '../../../src/smb/commands/empty-body.ts'
import { hex, refusesDamage } from '../../helpers/smb-codec.ts'

t.test('is four bytes, both ways', (t) => {
  t.same(emptyBody, hex('04000000'))
  refusesDamage(t, hex('04000000'), decodeEmptyBody)
  t.end()
})
