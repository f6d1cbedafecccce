import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { encodeTar } from '../../../../src/cli/fsmon/report/tar.ts'

t.test('tar(1) reads what was written, with names, modes and times', async (t) => {
  const directory = t.testdir()
  const sizes = [0, 1, 511, 512, 513, 100_000]
  const files = sizes.map((size) => ({
    name: `folder/${size}.txt`,
    content: Buffer.alloc(size, `${size} `),
  }))
  const archive = join(directory, 'a.tar')
  writeFileSync(archive, encodeTar(files, new Date('2026-01-02T03:04:05Z')))
  const listed = execFileSync('tar', ['tvf', archive], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' },
  })
  t.equal(listed.match(/^-rw------- root\/root .* 2026-01-02 03:04 folder\//gm)?.length, 6)
  execFileSync('tar', ['xf', archive, '-C', directory])
  for (const { name, content } of files) {
    t.ok(readFileSync(join(directory, name)).equals(content), name)
  }
})

t.test('a name that the format cannot hold is refused', async (t) => {
  const file = { name: 'x'.repeat(101), content: Buffer.alloc(0) }
  t.throws(() => encodeTar([file], new Date()), RangeError)
})
