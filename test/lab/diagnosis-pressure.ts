import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import t from 'tap'
import { diagnosed } from '../helpers/diagnosed.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(300_000)
const options = { skip: skipOutsideLab() }

/** The share of the last ten seconds in which somebody waited for a processor, in percent. */
const waited = (): number =>
  Number(/some avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1])

/**
 * What is said of the server while somebody always waits. Nothing where the figure has fallen meanwhile: the kernel
 * counts a while in which the machine stood still as one in which nobody waited.
 */
async function diagnosedUnderLoad(host: Host, words: readonly string[]) {
  await eventually('somebody always waits', () => waited() >= 95, 110_000)
  const causes = await diagnosed(host, words)
  return waited() >= 95 ? causes : undefined
}

t.test(
  'no processor time left is first on the list of a server that answers too late, and of no other',
  options,
  async (t) => {
    const host = await Host.create()
    t.teardown(() => host.down())
    await host.samba()
    const words = ['-a', host.address, '-s', 'user']
    // Each ends by itself, whatever becomes of this test.
    const loops = Array.from({ length: 6 * availableParallelism() }, () =>
      spawn('timeout', ['240', 'sh', '-c', 'while :; do :; done']),
    )
    t.teardown(() => loops.forEach((loop) => loop.kill()))
    const asked = [...words, '--failure', 'timeout']
    let causes = await diagnosedUnderLoad(host, asked)
    while (causes === undefined) causes = await diagnosedUnderLoad(host, asked)
    t.comment(JSON.stringify(causes))
    t.equal(causes[0]?.key, 'cpu-pressure')
    t.match(causes[0]?.evidence.join('\n'), /\/proc\/pressure\/cpu: some avg10=\d+/)
    t.strictSame(await diagnosed(host, words), [], 'a busy host whose server is well')
  },
)
