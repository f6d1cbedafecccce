import { existsSync } from 'node:fs'
import t from 'tap'
import { programDirectories } from '../../src/diagnosis/program-directories.ts'

t.test('programs of the system are looked for where the system has them', async (t) => {
  t.ok(programDirectories.every((directory) => directory.startsWith('/')))
  t.ok(programDirectories.some((directory) => existsSync(`${directory}/stat`)))
})
