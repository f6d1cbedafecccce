import { PassThrough, Readable } from 'node:stream'
import t from 'tap'
import { lineInput } from '../../../src/cli/license/line-input.ts'

async function linesOf(chunks: Iterable<Buffer>): Promise<string[]> {
  const input = lineInput(Readable.from(chunks))
  const lines: string[] = []
  for (let line = await input.next(); line !== undefined; line = await input.next()) {
    lines.push(line)
  }
  t.equal(await input.next(), undefined, 'an end stays one')
  return lines
}

t.test('lines are the same however they arrive', async (t) => {
  const text = Buffer.from('one\r\ntwo 日本\n\nlast')
  const expected = ['one', 'two 日本', '', 'last']
  t.strictSame(await linesOf([text]), expected)
  t.strictSame(await linesOf(Array.from(text, (byte) => Buffer.from([byte]))), expected)
})

t.test('no input is no line, and a final line end makes none', async (t) => {
  t.strictSame(await linesOf([]), [])
  t.strictSame(await linesOf([Buffer.from('one\n')]), ['one'])
})

t.test('a line without an end does not fill the memory', async (t) => {
  let sent = 0
  const endless = new Readable({
    read() {
      sent += 1000
      this.push('x'.repeat(1000))
    },
  })
  t.teardown(() => endless.destroy())
  t.ok(((await lineInput(endless).next()) ?? '').length >= 4096)
  t.ok(sent < 1_000_000)
})

t.test('a terminal that is hung up is an end', async (t) => {
  const stream = new PassThrough()
  const input = lineInput(stream)
  stream.write('one\n')
  t.equal(await input.next(), 'one')
  const next = input.next()
  stream.destroy(new Error('EIO'))
  t.equal(await next, undefined)
})

t.test('a terminal is told from a pipe', async (t) => {
  t.equal(lineInput(new PassThrough()).isTerminal, false)
  t.equal(lineInput(Object.assign(new PassThrough(), { isTTY: true })).isTerminal, true)
})
