import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { takeSeat } from '../../src/registry/seat.ts'
import { sourceProcess } from '../helpers/source-process.ts'

t.test('a seat has one holder, and is free when it is given up', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'seat')
  const release = await takeSeat(path)
  t.type(release, 'function')
  t.equal(await takeSeat(path), undefined)
  await release?.()
  t.strictSame(readdirSync(directory), [])
  const again = await takeSeat(path)
  t.type(again, 'function')
  await release?.()
  t.ok(existsSync(path), 'whoever gives up twice takes it from nobody')
  await again?.()
  await again?.()
})

t.test('of many who want it at once exactly one gets it', async (t) => {
  const path = join(t.testdir(), 'seat')
  const got = await Promise.all(Array.from({ length: 20 }, async () => takeSeat(path)))
  t.equal(got.filter((release) => release !== undefined).length, 1)
})

for (const [what, text] of [
  ['empty', ''],
  ['damaged', '{"pid":'],
  ['of another form', '{"pid":1}'],
  ['no object', '7'],
] as const) {
  t.test(`a seat whose file is ${what} is taken over`, async (t) => {
    const path = join(t.testdir({ seat: text }), 'seat')
    t.type(await takeSeat(path), 'function')
  })
}

t.test('the seat of a process that was killed is taken over, by one of many', async (t) => {
  const path = join(t.testdir(), 'seat')
  const module = join(import.meta.dirname, '../../src/registry/seat.ts')
  const program = `
    const { takeSeat } = await import(${JSON.stringify(module)})
    console.log(await takeSeat(${JSON.stringify(path)}) === undefined ? 'no' : 'yes')
    setInterval(() => {}, 1000)`
  const argv = [...sourceProcess.argv, '--input-type=module', '-e', program]
  const child = spawn(process.execPath, argv, {
    env: sourceProcess.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  t.equal(said.toString(), 'yes\n')
  t.equal(await takeSeat(path), undefined, 'while it runs')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const got = await Promise.all(Array.from({ length: 5 }, async () => takeSeat(path)))
  t.equal(got.filter((release) => release !== undefined).length, 1)
})

t.test('a number that another process has by now holds no seat', async (t) => {
  const path = join(t.testdir(), 'seat')
  const release = await takeSeat(path)
  const holder = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
  await release?.()
  writeFileSync(path, JSON.stringify({ ...holder, startTicks: '1' }))
  t.type(await takeSeat(path), 'function')
})

t.test('a place where nothing can be written is an error', async (t) => {
  await t.rejects(takeSeat(join(t.testdir(), 'none/seat')), { code: 'ENOENT' })
})
