import { writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { gzipSync } from 'node:zlib'
import { closeLog, openLog, type LogSource } from '../../src/view/log-files.ts'
import { linesBackward, linesForward, longestLine, type LogLine } from '../../src/view/log-lines.ts'

/** The only file of a log with this content; under its own name lines are still added to it. */
async function sourceOf(t: Test, name: string, content: string | Buffer): Promise<LogSource> {
  const dir = t.testdir()
  writeFileSync(`${dir}/${name}`, content)
  const sources = await openLog(`${dir}/alert.log`)
  t.teardown(() => closeLog(sources))
  const [source] = sources
  if (source === undefined) throw new Error('it was just written')
  return source
}

async function all(lines: AsyncGenerator<LogLine[]>): Promise<LogLine[]> {
  const found: LogLine[] = []
  for await (const some of lines) found.push(...some)
  return found
}

const short = Array.from({ length: 20_000 }, (_, i) => `line ${i} 共有`)
const contents = {
  'one line': 'a\n',
  'empty lines': '\n\na\n\n\nb\n\n',
  'many lines': `${short.join('\n')}\n`,
  'a line as long as may be': `a\n${'x'.repeat(longestLine)}\nb\n`,
  'lines too long': `a\n${'x'.repeat(longestLine + 1)}\nb\n${'y'.repeat(3 * longestLine)}\n`,
  'bytes that are no text': '\0\0\xff\n',
}

/** What these lines are, told in another way. */
function expected(content: string): LogLine[] {
  const lines: LogLine[] = []
  let end = 0
  for (const text of content.split('\n').slice(0, -1)) {
    const length = Buffer.byteLength(text)
    end += length + 1
    if (length > 0) lines.push({ end, text: length > longestLine ? undefined : text })
  }
  return lines
}

for (const [what, content] of Object.entries(contents)) {
  t.test(`${what}: the same from both ends, compressed or not`, async (t) => {
    const lines = expected(content)
    const source = await sourceOf(t, 'alert.log', content)
    t.same(await all(linesForward(source, 0)), lines)
    t.same((await all(linesBackward(source, source.size))).toReversed(), lines)
    const packed = await sourceOf(t, 'alert.log.2.gz', gzipSync(content))
    t.same(await all(linesForward(packed, 0)), lines)
    const middle = lines[Math.floor(lines.length / 2)]?.end ?? 0
    const later = lines.filter(({ end }) => end > middle)
    t.same(await all(linesForward(source, middle)), later)
    t.same(await all(linesForward(packed, middle)), later)
    t.same(
      (await all(linesBackward(source, middle))).toReversed(),
      lines.filter(({ end }) => end <= middle),
    )
  })
}

t.test(
  'an open end is no line while it may be written, and one when it was rotated away',
  async (t) => {
    const content = 'a\nhalf'
    const current = await sourceOf(t, 'alert.log', content)
    t.same(await all(linesForward(current, 0)), [{ end: 2, text: 'a' }])
    t.same(await all(linesBackward(current, 6)), [{ end: 2, text: 'a' }])
    const old = await sourceOf(t, 'alert.log.1', content)
    const lines = [
      { end: 2, text: 'a' },
      { end: 6, text: 'half' },
    ]
    t.same(await all(linesForward(old, 0)), lines)
    t.same((await all(linesBackward(old, 6))).toReversed(), lines)
    const long = await sourceOf(t, 'alert.log', `a\n${'x'.repeat(2 * longestLine)}`)
    t.same(await all(linesBackward(long, long.size)), [{ end: 2, text: 'a' }])
  },
)

t.test('a compressed file that is cut short or damaged shows what comes before that', async (t) => {
  const content = contents['many lines']
  const packed = gzipSync(content)
  const cut = await sourceOf(t, 'alert.log.2.gz', packed.subarray(0, packed.length / 2))
  const lines = await all(linesForward(cut, 0))
  t.ok(lines.length > 100)
  t.same(lines.slice(0, -1), expected(content).slice(0, lines.length - 1))
  t.same(await all(linesForward(await sourceOf(t, 'alert.log.2.gz', 'garbage'), 0)), [])
})
