import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildPackages, skipWithout, skipWithoutNodePackage } from '../helpers/build-packages.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { onThrowAwayCopy } from '../helpers/throw-away-copy.ts'

t.setTimeout(600_000)
const skip = skipOutsideLab() || skipWithout('dpkg-deb', 'apt-get') || skipWithoutNodePackage()
const docs = join(import.meta.dirname, '../../docs')

/** What a page says is typed, and what it says is then seen. */
type Step = { typed: string; seen: string | undefined }

function stepsOf(page: string): Step[] {
  const text = readFileSync(join(docs, page), 'utf8')
  const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
  return blocks.flatMap(([, kind, typed = ''], at) => {
    if (kind !== 'sh') return []
    const [, next, seen] = blocks[at + 1] ?? []
    return [{ typed, seen: next === 'text' ? seen : undefined }]
  })
}

/** A line of … alone stands for any lines, an … within a line for any words. */
function matcher(seen: string): RegExp {
  const lines = seen.trimEnd().split('\n')
  const patterns = lines.map((line) =>
    line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escape).join('.*')}\n`,
  )
  return new RegExp(`^${patterns.join('')}$`)
}

function escape(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)
}

t.test('the pages say the same in both languages', (t) => {
  const steps = stepsOf('first-run.md')
  t.ok(steps.length >= 9)
  t.strictSame(stepsOf('ja/first-run.md'), steps)
  t.end()
})

t.test('a first run goes as the page tells it', { skip }, async (t) => {
  const { directory } = buildPackages(t, ['--deb'])
  const server = await Host.create({ name: 'samba' })
  const client = await Host.create({ name: 'client' })
  t.teardown(async () => Promise.all([server.down(), client.down()]))
  await server.samba({ shares: { pub: ['path = /srv/samba/guest', 'guest ok = yes'] } })
  // The page speaks of an address that is kept for documents.
  for (const [host, address] of [
    [server, '192.0.2.10/24'],
    [client, '192.0.2.11/24'],
  ] as const) {
    const add = `ip address add ${address} dev "$(ip -o -4 route show 10.213.0.0/16 | grep -oP 'dev \\K\\S+')"`
    const { status, stderr } = await host.exec('sh', ['-c', add])
    t.equal(status, 0, stderr)
  }
  const steps = stepsOf('first-run.md')
  const typed = steps.map((step, at) => `echo '== ${at}'\n${step.typed}`).join('\n')
  const { status, stdout, stderr } = await onThrowAwayCopy(client, {
    name: 'first-run',
    directory,
    steps: `cd /packages\nexec 2>&1\n${typed}\necho '== end'`,
  })
  t.equal(status, 0, `${stdout}\n${stderr}`)
  // The package tools write for a terminal.
  const parts = stdout.replaceAll(/\r+\n?/g, '\n').split(/^== \w+\n/m)
  for (const [at, { typed, seen }] of steps.entries()) {
    if (seen !== undefined) t.match(parts[at + 1], matcher(seen), typed)
  }
  t.match(stdout, /== end\n$/)
})
