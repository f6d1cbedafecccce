import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openWithoutBlocking } from '../../src/alert/open-without-blocking.ts'

t.test('a full pipe says so instead of waiting, and only to whom it was opened for', (t) => {
  const path = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const blocking = openSync(path, constants.O_WRONLY)
  const own = openWithoutBlocking(blocking)
  if (own === undefined) throw new Error('not opened')
  t.throws(
    () => {
      for (;;) writeSync(own, Buffer.alloc(4096))
    },
    { code: 'EAGAIN' },
  )
  const flags = (fd: number) =>
    execFileSync('cat', [`/proc/${process.pid}/fdinfo/${fd}`]).toString()
  t.match(flags(own), /^flags:\s+0?\d*4001$/m)
  t.match(flags(blocking), /^flags:\s+0?\d*0001$/m, 'the other way in still waits')
  t.ok(readSync(reader, Buffer.alloc(4096)) > 0)
  for (const fd of [reader, blocking, own]) closeSync(fd)
  t.end()
})

t.test('a file is left as it is', (t) => {
  const fd = openSync(join(t.testdir({ f: '' }), 'f'), 'w')
  t.equal(openWithoutBlocking(fd), undefined)
  closeSync(fd)
  t.throws(() => openWithoutBlocking(fd), { code: 'EBADF' })
  t.end()
})

t.test('a pipe without a reader is an error', (t) => {
  const path = join(t.testdir(), 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  closeSync(reader)
  t.throws(() => openWithoutBlocking(writer), { code: 'ENXIO' })
  closeSync(writer)
  t.end()
})
