import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { hostMemory, memoryPressure } from '../../src/watch/host-memory.ts'

const fake = (text: string) => async (): Promise<string> => text

t.test('memory is what programs can still have', async (t) => {
  const text = 'MemTotal:        8000000 kB\nMemFree:  100 kB\nMemAvailable:    2000000 kB\n'
  t.strictSame(await hostMemory(fake(text)), {
    availableBytes: 2_048_000_000,
    totalBytes: 8_192_000_000,
  })
  await t.rejects(hostMemory(fake('MemTotal: 1 kB\n')), /has no MemAvailable/)
})

t.test('pressure is the share of the time that somebody waited', async (t) => {
  const text =
    'some avg10=12.34 avg60=0.00 avg300=0.00 total=1\nfull avg10=1.00 avg60=0.00 avg300=0.00 total=0\n'
  t.equal(await memoryPressure(fake(text)), 12.34)
  await t.rejects(memoryPressure(fake('')), /has another form/)
})

t.test('the kernel of this host says it in that form', async (t) => {
  const read = async (path: string) => readFile(path, 'utf8')
  const { availableBytes, totalBytes } = await hostMemory(read)
  t.ok(availableBytes > 0 && availableBytes < totalBytes)
  // Not every kernel is built with it.
  if (!existsSync('/proc/pressure/memory')) return
  const percent = await memoryPressure(read)
  t.ok(percent >= 0 && percent <= 100)
})
