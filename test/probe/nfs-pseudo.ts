import t from 'tap'
import { listPseudoRoot } from '../../src/probe/nfs-pseudo.ts'
import type { CompoundCaller } from '../../src/rpc/nfs4/compound-caller.ts'
import type { ListedAttributes } from '../../src/rpc/nfs4/list-directory.ts'
import type { Operation } from '../../src/rpc/nfs4/operation.ts'
import { XdrReader } from '../../src/rpc/xdr-reader.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { written } from '../helpers/codec.ts'
import { bytes, opaque, u32, u64 } from '../helpers/rpc-bytes.ts'

type Entry = ListedAttributes & { name: string }

const directory = (name: string, fsid: string, handle = name): Entry => ({
  name,
  type: 2,
  fsid,
  handle: Buffer.from(handle),
})

function attributes({ type, fsid, handle, error }: ListedAttributes): Buffer {
  if (error !== undefined) return bytes(u32(1, 0x800), opaque(u32(error)))
  const values = bytes(u32(type ?? 2), u64(BigInt(fsid ?? 0)), u64(0n), opaque(handle ?? ''))
  return bytes(u32(1, 0x0008_0102), opaque(values))
}

/** A server of these directories, by their handles; pages have so many entries. */
function serverOf(
  tree: Record<string, Entry[]>,
  perPage = 100,
): CompoundCaller & { asked: number } {
  const server = {
    minor: 2 as const,
    maxOperations: 16,
    asked: 0,
    compound: async (operations: readonly Operation<unknown>[]) => {
      let at = 'root'
      server.asked += 1
      return operations.map(({ name, encode, decode }) => {
        const args = written(encode)
        if (name === 'PUTFH') at = args.subarray(4, 4 + args.readUInt32BE()).toString()
        const answer = (): Buffer => {
          if (name === 'GETATTR') return attributes(directory('', '1', 'root'))
          if (name === 'GETFH') return opaque('root')
          if (name !== 'READDIR') return u32()
          const from = Number(args.readBigUInt64BE())
          const all = tree[at] ?? []
          const page = all.slice(from, from + perPage)
          const entries = page.map((entry, index) =>
            bytes(u32(1), u64(BigInt(from + index + 1)), opaque(entry.name), attributes(entry)),
          )
          return bytes(u64(1n), ...entries, u32(0, from + page.length >= all.length ? 1 : 0))
        }
        return decode(new XdrReader(answer()))
      })
    },
  }
  // Which result is of which operation the compiler cannot follow.
  return server as unknown as CompoundCaller & { asked: number }
}

const ask = async <T>(call: () => Promise<T>) => call()

t.test('an export is where another file system begins, however deep, page by page', async (t) => {
  const tree = {
    root: [directory('.', '1'), directory('data', '2'), directory('a', '1')],
    a: [directory('b', '1'), directory('c', '3')],
    b: [directory('deep', '4')],
    data: [directory('never asked', '5')],
  }
  for (const perPage of [1, 2, 100]) {
    t.strictSame(await listPseudoRoot(serverOf(tree, perPage), ask), {
      exports: [{ directory: '/data' }, { directory: '/a/c' }, { directory: '/a/b/deep' }],
      isComplete: true,
    })
  }
})

t.test('nothing exported is an answer as well', async (t) => {
  t.strictSame(await listPseudoRoot(serverOf({}), ask), { exports: [], isComplete: true })
})

t.test('an export that is not for us is named with its reason', async (t) => {
  const { exports } = await listPseudoRoot(serverOf({ root: [{ name: 'x', error: 13 }] }), ask)
  t.strictSame(exports, [{ directory: '/x', refusal: 'NFS4ERR_ACCESS' }])
})

t.test('a root that serves files is an export itself, whose directories are none', async (t) => {
  const file: Entry = { name: 'readme', type: 1, fsid: '1', handle: Buffer.from('f') }
  const root = [file, directory('home', '1'), directory('other', '2')]
  const server = serverOf({ root, home: [directory('never asked', '9')] })
  t.strictSame((await listPseudoRoot(server, ask)).exports, [
    { directory: '/' },
    { directory: '/other' },
  ])
})

t.test('a walk has its bounds, and says when it came to them', async (t) => {
  const round = { root: [directory('r', '1', 'root')] }
  const deep = serverOf(round)
  t.strictSame(await listPseudoRoot(deep, ask), { exports: [], isComplete: false })
  t.ok(deep.asked <= 20, `${deep.asked} questions in a ring`)
  const wide = Array.from({ length: 5000 }, (_, at) => directory(`d${at}`, '1'))
  const server = serverOf({ root: wide })
  t.equal((await listPseudoRoot(server, ask)).isComplete, false)
  t.ok(server.asked < 700)
  const bounds = { depth: 9, directories: 9, entries: 100 }
  const some = await listPseudoRoot(
    serverOf({ root: wide.map(({ name }) => directory(name, '2')) }),
    ask,
    bounds,
  )
  t.equal(some.isComplete, false)
  t.equal(some.exports.length, 100)
})

t.test('a directory that does not go on, or has a name that none can be, is refused', async (t) => {
  const stuck = serverOf({ root: [directory('a', '2')] }, 0)
  await t.rejects(listPseudoRoot(stuck, ask), MalformedError)
  for (const name of ['', 'a/b']) {
    const odd = serverOf({ root: [directory(name, '2')] })
    await t.rejects(listPseudoRoot(odd, ask), MalformedError)
  }
})
