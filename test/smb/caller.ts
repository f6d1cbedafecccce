import t from 'tap'
import { Caller } from '../../src/smb/caller.ts'

t.test('names the server as a service of files', (t) => {
  const caller = new Caller('fs.lab', 'HOST')
  t.match(caller, {
    serverName: 'fs.lab',
    names: { workstation: 'HOST', servicePrincipal: 'cifs/fs.lab' },
  })
  t.notSame(caller.random.take(16), caller.random.take(16))
  t.end()
})
