import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'

const command = join(import.meta.dirname, '../../../bin/clplcnsc')
const productKey = '07lV5xcP-prQT6e8n-g2vJRdCq-RKgVtbNt' // AB123456, public secret

function start(t: Test, file: string, argv: string[], root: string) {
  // The test runner's loader, which it puts into every child's environment, is not ours to test.
  const child = spawn('env', ['-u', 'NODE_OPTIONS', file, ...argv], {
    env: { PATH: process.env.PATH, LANG: 'C', TERM: 'dumb', CLP_FSMON_ROOT: root },
  })
  t.teardown(() => child.kill('SIGKILL'))
  child.stdin.on('error', () => {})
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([status]) => ({ status: status as unknown, out, err }))
  const said = async (text: string, times = 1) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (out.split(text).length <= times) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then(() => {
        if (waiting.delete(look)) reject(new Error(`ended without '${text}': ${out}${err}`))
      })
    })
  return { child, ended, said }
}

/** The command on a terminal of its own, as script(1) makes one. */
function onTerminal(t: Test, root: string, argv: string) {
  const line = `exec '${process.execPath}' '${command}' ${argv}`
  const run = start(t, 'script', ['-qefc', line, '/dev/null'], root)
  return { ...run, type: (text: string) => run.child.stdin.write(text) }
}

function runNode(t: Test, root: string, argv: string[], stdin = '') {
  const { child, ended } = start(t, process.execPath, [command, ...argv], root)
  child.stdin.end(stdin)
  return ended
}

function serialsIn(root: string): string[] {
  const text = readFileSync(join(root, 'var/lib/clp-fsmon/license.json'), 'utf8')
  const { licenses } = JSON.parse(text) as { licenses: { serial: string }[] }
  return licenses.map(({ serial }) => serial)
}

t.test('on a terminal it looks as it does in the manual', async (t) => {
  const root = t.testdir()
  const run = onTerminal(t, root, '-i -p FSMON20')
  await run.said('Select product division [1 or 2]...')
  run.type('1\r')
  await run.said('Enter serial number [Ex. XX000000]... ')
  run.type('AB123456\r')
  await run.said('[Ex. XXXXXXXX-XXXXXXXX-XXXXXXXX-XXXXXXXX]...')
  run.type(`${productKey}\r`)
  const { status, out } = await run.ended
  t.equal(
    out.replaceAll('\r', ''),
    [
      'Selection of product division',
      ' 1. Product',
      ' 2. Trial',
      'Select product division [1 or 2]...1',
      'Enter serial number [Ex. XX000000]... AB123456',
      'Enter license key',
      '[Ex. XXXXXXXX-XXXXXXXX-XXXXXXXX-XXXXXXXX]...',
      productKey,
      'command was success.',
      '',
    ].join('\n'),
  )
  t.equal(status, 0)
  t.strictSame(serialsIn(root), ['AB123456'])
})

t.test('on a terminal an end of input in the middle is a failure', async (t) => {
  const root = t.testdir()
  const run = onTerminal(t, root, '-i -p FSMON20')
  await run.said('Select product division [1 or 2]...')
  run.type('1\r')
  await run.said('Enter serial number [Ex. XX000000]... ')
  run.type('\u0004')
  const { status, out } = await run.ended
  t.match(out, /\n.*The input ended before everything was answered/)
  t.equal(status, 3)
})

t.test('on a terminal a mistake can be taken back before Enter', async (t) => {
  const root = t.testdir()
  const run = onTerminal(t, root, '-i -p FSMON20')
  await run.said('[1 or 2]...')
  run.type('3\u007f1\r')
  await run.said('[Ex. XX000000]... ')
  run.type(`AB123456\r${productKey}\r`)
  t.equal((await run.ended).status, 0)
})

t.test('from a pipe it says the same words', async (t) => {
  const root = t.testdir()
  const argv = ['-i', '-p', 'FSMON20']
  const { status, out, err } = await runNode(t, root, argv, `1\nAB123456\n${productKey}\n`)
  t.match(out, 'Select product division [1 or 2]...\nEnter serial number [Ex. XX000000]... \n')
  t.match(out, /command was success\.\n$/)
  t.equal(err, '')
  t.equal(status, 0)
  t.match(await runNode(t, root, argv, '1\nAB123456'), { status: 3, err: /input ended/ })
})

t.test('registrations at the same time lose nothing', async (t) => {
  const root = t.testdir()
  const serials = Array.from({ length: 6 }, (_, at) => `AB00000${at}`)
  for (const serial of serials) {
    const { out } = await runNode(t, root, ['--issue', '--serial', serial])
    writeFileSync(join(root, serial), `serial = ${serial}\nkey = ${out}`)
  }
  const ended = await Promise.all(
    serials.map(async (serial) => runNode(t, root, ['-i', join(root, serial), '-p', 'FSMON20'])),
  )
  for (const { status, err } of ended) t.equal(status, 0, err)
  t.strictSame(serialsIn(root).toSorted(), serials)
  t.equal(statSync(join(root, 'var/lib/clp-fsmon/license.json')).mode & 0o777, 0o600)
})

t.test('a lock left by one that was killed is in nobody’s way for long', async (t) => {
  const root = t.testdir()
  mkdirSync(join(root, 'var/lib/clp-fsmon'), { recursive: true, mode: 0o700 })
  mkdirSync(join(root, 'var/lib/clp-fsmon/license.json.lock'))
  t.match(await runNode(t, root, ['--community']), { status: 0 })
})
