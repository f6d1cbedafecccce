import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import t from 'tap'
import { stderrSink } from '../../../src/alert/sinks/stderr.ts'
import { sampleEntry } from '../../helpers/sample-entry.ts'

const line = '2026/01/02 03:04:05 server1 sambamon 6 ERROR The clp_sambamon will terminate.\n'

function makePipe(dir: string) {
  execFileSync('mkfifo', [`${dir}/pipe`])
  const reader = openSync(`${dir}/pipe`, constants.O_RDWR | constants.O_NONBLOCK)
  const writer = openSync(`${dir}/pipe`, constants.O_WRONLY)
  return { reader, writer }
}

function read(fd: number): string {
  const bytes = Buffer.alloc(100_000)
  return bytes.toString('utf8', 0, readSync(fd, bytes))
}

t.test('an entry is a line in a file', async (t) => {
  const dir = t.testdir({ out: '' })
  const fd = openSync(`${dir}/out`, 'a')
  const sink = stderrSink(fd)
  t.equal(sink.mayHoldProcess?.(), false)
  await sink.deliver(sampleEntry())
  await sink.deliver(sampleEntry())
  t.equal(sink.mayHoldProcess?.(), true, 'whose disk may hang')
  closeSync(fd)
  t.equal(readFileSync(`${dir}/out`, 'utf8'), line + line)
})

t.test('an entry is a line in a pipe', async (t) => {
  const { reader, writer } = makePipe(t.testdir())
  const sink = stderrSink(writer)
  await sink.deliver(sampleEntry())
  t.equal(read(reader), line)
  t.equal(sink.mayHoldProcess?.(), false, 'which is never waited in')
  closeSync(reader)
  closeSync(writer)
})

t.test(
  'a pipe that nobody reads is given up, line by line, and used again once it is read',
  async (t) => {
    const { reader, writer } = makePipe(t.testdir())
    const sink = stderrSink(writer)
    const long = sampleEntry({ message: 'x'.repeat(4000) })
    const fill = async () => {
      for (;;) await sink.deliver(long)
    }
    await t.rejects(fill(), { code: 'EAGAIN' })
    t.ok(read(reader).length > 4000)
    await sink.deliver(sampleEntry())
    closeSync(reader)
    closeSync(writer)
  },
)

t.test('a pipe that is read late loses nothing', async (t) => {
  const { reader, writer } = makePipe(t.testdir())
  const sink = stderrSink(writer)
  const long = sampleEntry({ message: 'x'.repeat(4000) })
  let received = 0
  const reading = setInterval(() => {
    try {
      received += read(reader).length
    } catch {
      // Empty at the moment.
    }
  }, 5)
  for (let turn = 0; turn < 100; turn += 1) await sink.deliver(long)
  clearInterval(reading)
  try {
    received += read(reader).length
  } catch {
    // Empty.
  }
  t.equal(received, 100 * (4000 + line.length - 'The clp_sambamon will terminate.'.length))
  closeSync(reader)
  closeSync(writer)
})

t.test('a pipe whose reader is gone is an error, and does not end the process', async (t) => {
  const { reader, writer } = makePipe(t.testdir())
  const sink = stderrSink(writer)
  await sink.deliver(sampleEntry())
  closeSync(reader)
  await t.rejects(sink.deliver(sampleEntry()), { code: 'EPIPE' })
  closeSync(writer)
})

t.test('a descriptor that is closed or full is an error', async (t) => {
  const fd = openSync('/dev/null', 'w')
  await t.resolves(stderrSink(fd).deliver(sampleEntry()))
  closeSync(fd)
  await t.rejects(stderrSink(fd).deliver(sampleEntry()), { code: 'EBADF' })
  const full = openSync('/dev/full', 'w')
  await t.rejects(stderrSink(full).deliver(sampleEntry()), { code: 'ENOSPC' })
  closeSync(full)
})

t.test('a pipe that nobody holds the other end of is an error', async (t) => {
  const { reader, writer } = makePipe(t.testdir())
  closeSync(reader)
  await t.rejects(stderrSink(writer).deliver(sampleEntry()), { code: 'ENXIO' })
  closeSync(writer)
})

t.test(
  "another user's pipe, which cannot be opened once more, is written to as it is",
  { skip: process.geteuid?.() !== 0 && 'needs root' },
  async (t) => {
    const { reader, writer } = makePipe(t.testdir())
    process.seteuid?.(65_534)
    try {
      await stderrSink(writer).deliver(sampleEntry())
    } finally {
      process.seteuid?.(0)
    }
    t.equal(read(reader), line)
    closeSync(reader)
    closeSync(writer)
  },
)

t.test('it takes alerts, and of the log what is grave', (t) => {
  const sink = stderrSink()
  t.equal(sink.takes(sampleEntry({ level: 'info' })), true)
  t.equal(sink.takes(sampleEntry({ kind: 'log', level: 'error' })), true)
  t.equal(sink.takes(sampleEntry({ kind: 'log', level: 'info' })), false)
  t.end()
})
