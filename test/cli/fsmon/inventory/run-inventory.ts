import t, { type Test } from 'tap'
import type { InventoryOptions } from '../../../../src/cli/fsmon/inventory/inventory-settings.ts'
import { inventory } from '../../../../src/cli/fsmon/inventory/run-inventory.ts'
import { loadInventoryTexts } from '../../../../src/cli/fsmon/inventory/inventory-texts.ts'
import { loadTexts } from '../../../../src/cli/texts.ts'
import { configured } from '../../../helpers/configured.ts'
import { fakeIo } from '../../../helpers/fake-io.ts'
import { FakeNfs } from '../../../helpers/nfs-server.ts'
import { serve } from '../../../helpers/smb-check.ts'
import { bindAck, enumOutput, fragments, shares } from '../../../helpers/srvsvc.ts'

const words = await loadInventoryTexts('en')
/** Nobody listens there. */
const closedPort = 1
const texts = await loadTexts('en')
const options = {
  shareType: 2,
  pipe: (message: Buffer) => (message[2] === 11 ? [bindAck] : fragments(2, enumOutput(shares), 3)),
}

async function run(t: Test, given: InventoryOptions, root = t.testdir()) {
  const io = fakeIo({ CLP_FSMON_ROOT: root }, process.getuid?.() ?? 0)
  const status = await inventory({ options: given, words, texts, io })
  return { status, out: io.printed(), err: io.complained() }
}

t.test('lists what a server has, in each form', async (t) => {
  const { port } = await serve(t, options)
  const given = { address: '127.0.0.1', port: String(port), smb: true } as const
  const text = await run(t, given)
  t.match(text, { status: 0, err: '' })
  t.match(text.out, /7 shares of SMB, 7 of them watched by none/)
  const json = await run(t, { ...given, json: true, all: true })
  t.equal(JSON.parse(json.out).servers[0].items.length, 9)
  const toml = await run(t, { ...given, toml: true })
  t.match(toml.out, /share = "共有"/)
})

t.test('what is not served matters only where it was named, or nothing is', async (t) => {
  const { port } = await serve(t, options)
  const closed = closedPort
  const both = {
    address: '127.0.0.1',
    port: String(port),
    nfsPort: String(closed),
    mountPort: String(closed),
  }
  t.match(await run(t, both), { status: 0, err: /NFS version 4: not served/ })
  t.match(await run(t, { ...both, smb: true, nfs: true }), { status: 1 })
  t.match(await run(t, { ...both, port: String(closed) }), { status: 1, out: '' })
})

t.test('a refusal is no empty list', async (t) => {
  const { port } = await serve(t, { ...options, status: { tree: 0xc0000022 } })
  const refused = await run(t, { address: '127.0.0.1', port: String(port), smb: true })
  t.match(refused, { status: 1, out: '', err: /not known: tree: .*ACCESS_DENIED/ })
})

t.test('a deadline ends every question', async (t) => {
  const fake = await FakeNfs.start(t, { on: { 'nfs4.null': () => undefined } })
  const silent = {
    address: '127.0.0.1',
    nfs: true,
    nfsVersion: '4',
    nfsPort: String(fake.nfsPort),
  } as const
  t.match(await run(t, { ...silent, wait: '1' }), {
    status: 1,
    err: /no answer within the deadline/,
  })
})

t.test('without root, or with a wrong configuration, nothing is asked', async (t) => {
  const io = fakeIo({}, 1)
  t.equal(await inventory({ options: { address: 'x' }, words, texts, io }), 4)
  const root = t.testdir()
  configured(root, '[defaults]\ninterval = "x"\n')
  t.match(await run(t, { address: 'x' }, root), { status: 2, err: /interval/ })
})

t.test('a password is hidden from the process list', async (t) => {
  const { title } = process
  t.teardown(() => {
    process.title = title
  })
  const closed = closedPort
  const given = {
    address: '127.0.0.1',
    smb: true,
    port: String(closed),
    user: 'u',
    password: 'secret',
  } as const
  t.equal((await run(t, given)).status, 1)
  t.notMatch(process.title, /secret/)
})
