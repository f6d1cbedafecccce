import { randomBytes } from 'node:crypto'
import { close, openConfirm, open } from '../rpc/nfs4/open.ts'
import type { CompoundCaller } from '../rpc/nfs4/compound-caller.ts'
import { getFh, putFh, lookup } from '../rpc/nfs4/file-handle.ts'
import { read, anonymousStateId, write } from '../rpc/nfs4/read-write.ts'
import { remove } from '../rpc/nfs4/remove.ts'
import { Nfs4Session } from '../rpc/nfs4/session.ts'
import { setClientId, setClientIdConfirm } from '../rpc/nfs4/set-client-id.ts'
import { enter, thenUndo, type NfsCheck } from './nfs-check.ts'
import { bytesToRead, expectAllTaken, expectSame, sampleData } from './nfs-sample.ts'

/**
 * Reads a file of a directory.
 *
 * Version 4.0 has no way to give a client id back, so there the file is read without being opened.
 */
export async function readFile4(
  check: NfsCheck,
  caller: CompoundCaller,
  directory: Buffer,
  name: string,
): Promise<void> {
  const { ask } = check.patience
  if (!(caller instanceof Nfs4Session)) {
    await ask(() =>
      caller.compound([putFh(directory), lookup(name), read(anonymousStateId, bytesToRead)]),
    )
    return
  }
  await caller.prepareToOpen(ask)
  const file = await openFile(check, caller, caller.clientId, directory, name, 'read')
  await thenUndo(
    check,
    'close',
    async () => {
      await ask(() => caller.compound([putFh(file.handle), read(file.stateId, bytesToRead)]))
    },
    () => closeFile(check, caller, file),
  )
}

/** Makes a small file, writes it, reads it back and deletes it. */
export async function writeSample4(
  check: NfsCheck,
  caller: CompoundCaller,
  directory: Buffer,
): Promise<void> {
  const { ask } = check.patience
  enter(check, 'write')
  const name = `.${check.monitorName}`
  const data = sampleData()
  const clientId = await clientIdOf(check, caller)
  const file = await openFile(check, caller, clientId, directory, name, 'write')
  await thenUndo(
    check,
    'remove',
    () =>
      thenUndo(
        check,
        'close',
        async () => {
          const { handle, stateId } = file
          const [, byteCount] = await ask(() =>
            caller.compound([putFh(handle), write(stateId, data)]),
          )
          expectAllTaken(data, byteCount)
          enter(check, 'verify')
          const [, back] = await ask(() =>
            caller.compound([putFh(handle), read(stateId, bytesToRead)]),
          )
          expectSame(data, back)
        },
        () => closeFile(check, caller, file),
      ),
    async () => {
      await ask(() => caller.compound([putFh(directory), remove(name)]))
    },
  )
}

type OpenFile = { handle: Buffer; stateId: Buffer; nextSequenceId: number }

async function openFile(
  check: NfsCheck,
  caller: CompoundCaller,
  clientId: bigint,
  directory: Buffer,
  name: string,
  access: 'read' | 'write',
): Promise<OpenFile> {
  const refuseDelegation = caller.minor > 0
  const [, { stateId, mustConfirm }, handle] = await check.patience.ask(() => {
    // A new owner at every try, for an OPEN that was refused may have used its sequence number up or not.
    const owner = randomBytes(8).toString('hex')
    const request = { clientId, owner, name, access, refuseDelegation }
    return caller.compound([putFh(directory), open(request), getFh])
  })
  if (!mustConfirm) return { handle, stateId, nextSequenceId: 1 }
  const [, confirmed] = await caller.compound([putFh(handle), openConfirm(stateId, 1)])
  return { handle, stateId: confirmed, nextSequenceId: 2 }
}

async function closeFile(check: NfsCheck, caller: CompoundCaller, file: OpenFile): Promise<void> {
  const { handle, stateId, nextSequenceId } = file
  await check.patience.ask(() =>
    caller.compound([putFh(handle), close(stateId, caller.minor > 0 ? 0 : nextSequenceId)]),
  )
}

/** What an OPEN needs beforehand; the client id of version 4.0 ends with its lease, one for each monitor. */
async function clientIdOf(check: NfsCheck, caller: CompoundCaller): Promise<bigint> {
  const { ask } = check.patience
  if (caller instanceof Nfs4Session) {
    await caller.prepareToOpen(ask)
    return caller.clientId
  }
  const owner = { id: check.monitorName, verifier: randomBytes(8) }
  const [unconfirmed] = await ask(() => caller.compound([setClientId(owner)]))
  await ask(() => caller.compound([setClientIdConfirm(unconfirmed)]))
  return unconfirmed.clientId
}
