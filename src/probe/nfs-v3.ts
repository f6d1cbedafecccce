import { authNone } from '../rpc/credential.ts'
import { mnt, mountProgram } from '../rpc/mount/mnt.ts'
import { umnt } from '../rpc/mount/umnt.ts'
import { create } from '../rpc/nfs3/create.ts'
import { getattr } from '../rpc/nfs3/getattr.ts'
import { lookup } from '../rpc/nfs3/lookup.ts'
import { Nfs3Error, nfs3NotSupported } from '../rpc/nfs3/nfs3-error.ts'
import { nfs3Program } from '../rpc/nfs3/protocol.ts'
import { read } from '../rpc/nfs3/read.ts'
import { readdir } from '../rpc/nfs3/readdir.ts'
import { readdirplus } from '../rpc/nfs3/readdirplus.ts'
import { remove } from '../rpc/nfs3/remove.ts'
import { write } from '../rpc/nfs3/write.ts'
import { nullProcedure } from '../rpc/call.ts'
import type { Procedure } from '../rpc/procedure.ts'
import type { RpcClient } from '../rpc/rpc-client.ts'
import { enter, namesIn, thenUndo, type NfsCheck } from './nfs-check.ts'
import type { Nfs3Ports } from './nfs-ports.ts'
import { spaceStage } from './space.ts'
import { bytesToRead, expectAllTaken, expectSame, sampleData } from './nfs-sample.ts'

/** Calls NULL of NFS version 3. */
export async function reachNfs3(check: NfsCheck, port: number): Promise<void> {
  enter(check, 'null')
  check.seen['nfsPort'] = port
  const nfs = await check.connections.open(port)
  await nfs.call(nfs3Program, nullProcedure, authNone, undefined)
}

/** Mounts the directory, asks what the depth wants to know of it, and takes itself off the mount list. */
export async function proveNfs3(check: NfsCheck, ports: Nfs3Ports): Promise<void> {
  check.seen['version'] = '3'
  const { connections, credential, target } = check
  if (ports.mount === undefined) return
  const nfs = await connections.open(ports.nfs)
  enter(check, 'mount')
  check.seen['mountPort'] = ports.mount
  const mountd = await connections.open(ports.mount)
  mountd.leaveOnAbort(() => [mountd.prepare(mountProgram, umnt, credential, target.directory)])
  const { handle } = await mountd.call(mountProgram, mnt, credential, target.directory)
  await thenUndo(
    check,
    'umount',
    () => useHandle(check, nfs, handle),
    async () => {
      await mountd.call(mountProgram, umnt, credential, target.directory)
      mountd.leaveOnAbort(undefined)
    },
  )
}

type Ask = <A, R>(procedure: Procedure<A, R>, args: A) => Promise<R>

async function useHandle(check: NfsCheck, nfs: RpcClient, root: Buffer): Promise<void> {
  const { depth, path } = check.target
  const ask: Ask = (procedure, args) =>
    check.patience.ask(() => nfs.call(nfs3Program, procedure, check.credential, args))
  enter(check, 'getattr')
  await ask(getattr, root)
  if (check.look !== undefined) {
    enter(check, spaceStage)
    await check.look.v3(ask, root)
  }
  if (depth !== 'read' && depth !== 'write') return
  if (path === undefined) {
    enter(check, 'list')
    await list(ask, root)
  } else {
    enter(check, 'read')
    let handle = root
    for (const name of namesIn(path)) handle = await ask(lookup, { directory: handle, name })
    await ask(read(bytesToRead), handle)
  }
  if (depth === 'write') await writeSample(check, nfs, ask, root)
}

/** Not every server gives attributes with the names; Linux has an export option for it. */
async function list(ask: Ask, directory: Buffer): Promise<void> {
  try {
    await ask(readdirplus, directory)
  } catch (error) {
    if (!(error instanceof Nfs3Error) || error.status !== nfs3NotSupported) throw error
    await ask(readdir, directory)
  }
}

async function writeSample(
  check: NfsCheck,
  nfs: RpcClient,
  ask: Ask,
  directory: Buffer,
): Promise<void> {
  enter(check, 'write')
  const entry = { directory, name: `.${check.monitorName}` }
  const data = sampleData()
  nfs.leaveOnAbort(() => [nfs.prepare(nfs3Program, remove, check.credential, entry)])
  const created = await ask(create, entry)
  await thenUndo(
    check,
    'remove',
    async () => {
      const handle = created ?? (await ask(lookup, entry))
      const byteCount = await ask(write, { handle, data })
      expectAllTaken(data, byteCount)
      enter(check, 'verify')
      expectSame(data, await ask(read(bytesToRead), handle))
    },
    async () => {
      await ask(remove, entry)
      nfs.leaveOnAbort(undefined)
    },
  )
}
