import t from 'tap'
import { portmapperOf } from '../../../src/cli/diagnosis/portmapper-of.ts'

t.test('a portmapper is asked where version 3 is spoken and a port is not known', async (t) => {
  const directory = '/data'
  t.equal(portmapperOf({ share: 'pub' }), 'unused')
  t.equal(portmapperOf({ directory, nfsVersion: 'auto' }), 'perhaps')
  t.equal(portmapperOf({ directory, nfsVersion: '3' }), 'needed')
  t.equal(portmapperOf({ directory, nfsVersion: '3', nfsPort: 2049 }), 'needed')
  t.equal(portmapperOf({ directory, nfsVersion: '3', nfsPort: 1, mountPort: 2 }), 'unused')
  t.equal(portmapperOf({ directory, nfsVersion: '4.1' }), 'unused')
})
