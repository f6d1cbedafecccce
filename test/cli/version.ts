import { readFileSync } from 'node:fs'
import t from 'tap'
import { version } from '../../src/cli/version.ts'

t.test('the version is that of the package', async (t) => {
  const about = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  t.equal(version, about.version)
})
