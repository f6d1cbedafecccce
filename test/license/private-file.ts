import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readPrivateFile } from '../../src/license/private-file.ts'

t.test('a regular file is read, with who may read it', async (t) => {
  const path = join(t.testdir(), 'a')
  writeFileSync(path, 'text')
  chmodSync(path, 0o640)
  t.strictSame(readPrivateFile(path), { text: 'text', mode: 0o640, uid: process.getuid?.() })
})

t.test('what is not one is named, without waiting for it', async (t) => {
  const directory = t.testdir({ a: 'text' })
  const at = (name: string) => join(directory, name)
  symlinkSync(at('a'), at('link'))
  mkdirSync(at('directory'))
  execFileSync('mkfifo', [at('pipe')])
  writeFileSync(at('large'), '')
  truncateSync(at('large'), 1024 * 1024 + 1)
  const rows: [path: string, trouble: string][] = [
    [at('none'), 'absent'],
    [at('link'), 'link'],
    [at('directory'), 'not-a-file'],
    [at('pipe'), 'not-a-file'],
    ['/dev/null', 'not-a-file'],
    [at('large'), 'too-large'],
    [at('a/below'), 'unreadable'],
    [at('with\0nul'), 'unreadable'],
    ['/proc/self/mem', 'unreadable'],
  ]
  for (const [path, trouble] of rows) t.strictSame(readPrivateFile(path), { trouble }, path)
})
