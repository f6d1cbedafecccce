import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { loadViewTexts } from '../../../src/cli/view/view-texts.ts'
import { watchHere } from '../../../src/cli/view/watch-here.ts'
import { recordPath } from '../../../src/registry/record-file.ts'
import { encodeRecord } from '../../../src/registry/record.ts'
import { fakeIo } from '../../helpers/fake-io.ts'
import { sampleRecord } from '../../helpers/sample-record.ts'

t.test('the watches of this host are shown, once where there is no terminal', async (t) => {
  const root = t.testdir()
  const run = `${root}/run/clp-fsmon`
  mkdirSync(run, { recursive: true })
  writeFileSync(recordPath(run, 'watch1'), encodeRecord(sampleRecord()))
  const io = fakeIo({ CLP_FSMON_ROOT: root })
  t.equal(await watchHere(undefined, await loadViewTexts('ja'), io), 0)
  t.match(io.printed(), /^watch1 +終了 /m)
})
