import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  readAvailable,
  readLink,
  readNames,
  readTail,
  readText,
} from '../../src/diagnosis/read-text.ts'

t.test('what can be read is, and what is not there is nothing', async (t) => {
  const directory = t.testdir({ file: 'some text', link: t.fixture('symlink', 'net:[4026531840]') })
  t.equal(readText(join(directory, 'file')), 'some text')
  t.equal(readText(join(directory, 'none')), '')
  t.strictSame(readNames(directory).toSorted(), ['file', 'link'])
  t.strictSame(readNames(join(directory, 'none')), [])
  t.equal(readLink(join(directory, 'link')), 'net:[4026531840]')
  t.equal(readLink(join(directory, 'file')), undefined)
  t.equal(readAvailable(join(directory, 'file')), 'some text')
  t.equal(readAvailable(join(directory, 'none')), '')
  t.equal(readAvailable(directory), '', 'a directory has no text')
})

t.test('of a long file the end is read', async (t) => {
  const directory = t.testdir({ long: '' })
  const file = join(directory, 'long')
  writeFileSync(file, `${'x'.repeat(10_000)}the end`)
  t.equal(readTail(file, 7), 'the end')
  t.equal(readTail(file, 100_000).length, 10_007)
  t.equal(readTail(join(directory, 'none'), 7), '')
  t.equal(readTail('/dev/null', 7), '', 'what is no file has no end')
  t.equal(readTail(directory, 7), '')
})
