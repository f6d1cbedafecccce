import t from 'tap'
import { explain } from '../../../src/cli/fsmon/explain.ts'
import { loadTexts } from '../../../src/cli/texts.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function explained(event: string, language: 'en' | 'ja' = 'en') {
  const io = fakeIo()
  const status = await explain(event, language, await loadTexts(language), io)
  return { status, out: io.printed(), err: io.complained() }
}

t.test('an alert is explained with its text, cause and action', async (t) => {
  const { status, out } = await explained('62')
  t.equal(status, 0)
  t.match(out, /^Event 62 \(error, sambamon\)\n {2}Message: The clp_sambamon has detected/)
  t.match(out, /\n {2}Cause: \S.*\n {2}What to do: \S/)
})

t.test('an event with several texts is explained with all of them', async (t) => {
  const { out } = await explained('0')
  t.match(out, 'mount error(')
  t.match(out, 'Port mapper failure')
})

t.test('in Japanese the text stays and the explanation is Japanese', async (t) => {
  const { out } = await explained('74', 'ja')
  t.match(out, 'The clp_sambamon has detected network error(select error[nn]).')
  t.match(out, /対処: /)
})

t.test('an event that does not exist is refused with those that do', async (t) => {
  for (const event of ['999', 'x', '', 'toString', '__proto__']) {
    t.match(await explained(event), { status: 3, out: '', err: /Known are: 0, 1, 2, 3, 6/ }, event)
  }
})
