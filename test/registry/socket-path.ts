import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import t from 'tap'
import { openSocketPath } from '../../src/registry/socket-path.ts'

function openFiles(): number {
  return readdirSync('/proc/self/fd').length
}

t.test('a path that fits is taken as it is', (t) => {
  const { path, close } = openSocketPath('/run/clp-fsmon', 'a.sock')
  t.equal(path, '/run/clp-fsmon/a.sock')
  close()
  t.equal(openSocketPath('/', 'x'.repeat(106)).path.length, 107)
  t.end()
})

t.test('a socket works however deep its directory lies', async (t) => {
  const dir = `${t.testdir()}/${'d'.repeat(200)}/${'e'.repeat(200)}`
  mkdirSync(dir, { recursive: true })
  const ours = openSocketPath(dir, 'a.sock')
  t.ok(ours.path.length <= 107)
  const server = createServer((socket) => socket.end()).listen(ours.path)
  await once(server, 'listening')
  t.ok(existsSync(`${dir}/a.sock`))
  const theirs = openSocketPath(dir, 'a.sock')
  const client = connect(theirs.path)
  await once(client, 'connect')
  theirs.close()
  client.destroy()
  await new Promise((resolve) => server.close(resolve))
  ours.close()
  t.same(readdirSync(dir), [])
})

t.test('a deep directory that is not there is an error', (t) => {
  t.throws(() => openSocketPath(`/nowhere/${'d'.repeat(200)}`, 'a.sock'), { code: 'ENOENT' })
  t.end()
})

t.test('no descriptor is left open', (t) => {
  const dir = `${t.testdir()}/${'d'.repeat(200)}`
  mkdirSync(dir)
  const before = openFiles()
  for (let turn = 0; turn < 50; turn += 1) openSocketPath(dir, 'a.sock').close()
  t.equal(openFiles(), before)
  t.end()
})
