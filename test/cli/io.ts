import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeAll } from '../../src/cli/io.ts'

t.test('a text is written whole', async (t) => {
  const file = join(t.testdir(), 'f')
  const fd = openSync(file, 'w')
  writeAll(fd, '共有\n'.repeat(100_000))
  closeSync(fd)
  t.equal(readFileSync(file, 'utf8'), '共有\n'.repeat(100_000))
})

t.test('a reader that has gone, or a closed descriptor, is no failure', async (t) => {
  const fd = openSync('/dev/full', 'w')
  t.doesNotThrow(() => {
    writeAll(fd, 'x')
  })
  closeSync(fd)
  t.doesNotThrow(() => {
    writeAll(fd, 'x')
  })
})

t.test('a full pipe is waited for until its reader comes', async (t) => {
  const pipe = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  t.teardown(() => {
    closeSync(fd)
  })
  const block = Buffer.alloc(4096, '.')
  for (let full = false; !full;) {
    try {
      writeSync(fd, block)
    } catch {
      full = true
    }
  }
  const reader = spawn('sh', ['-c', 'sleep 0.3; exec head -c 65536 "$0"', pipe], {
    stdio: 'ignore',
  })
  const gone = once(reader, 'exit')
  writeAll(fd, 'the end')
  await gone
  const rest = Buffer.alloc(65_536)
  t.equal(rest.toString('utf8', 0, readSync(fd, rest)), 'the end')
})
