import t from 'tap'
import { ServeError } from '../../../../src/cli/fsmon/serve/serve-error.ts'
import { loadServeTexts } from '../../../../src/cli/fsmon/serve/serve-texts.ts'

t.test('a trouble is told in words', async (t) => {
  const words = await loadServeTexts('en')
  t.equal(new ServeError('refused.control').explain(words), words.refused.control)
  const error = new ServeError('file.mode', { file: '/x', mode: '0644' })
  t.match(error.explain(words), '/x can be read by others (mode 0644)')
})
