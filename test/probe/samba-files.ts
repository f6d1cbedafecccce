import t, { type Test } from 'tap'
import { readShare, writeShare } from '../../src/probe/samba-files.ts'
import { StageClock } from '../../src/probe/stage-clock.ts'
import { MalformedError } from '../../src/wire/malformed-error.ts'
import { logInTo } from '../helpers/smb-client.ts'
import { type SmbServerOptions, treeId } from '../helpers/smb-server.ts'

const work = { treeId, dialect: 0x0311, path: undefined } as const

async function stages(
  t: Test,
  options: SmbServerOptions,
  run: (
    connection: Awaited<ReturnType<typeof logInTo>>['connection'],
    clock: StageClock,
  ) => Promise<void>,
) {
  const { server, connection } = await logInTo(t, options)
  const clock = new StageClock('before')
  await run(connection, clock)
  clock.end()
  return {
    stages: clock.stages.slice(1).map(({ name }) => name),
    commands: server.seen.slice(3).map(({ command }) => command),
  }
}

t.test('lists the root where no file is named', async (t) => {
  const seen = await stages(t, {}, (connection, clock) => readShare(connection, work, clock))
  t.same(seen, { stages: ['open', 'list'], commands: [5, 14, 6] })
})

t.test('reads the file that is named', async (t) => {
  const named = { ...work, path: 'a/b' }
  const seen = await stages(t, {}, (connection, clock) => readShare(connection, named, clock))
  t.same(seen, { stages: ['open', 'read'], commands: [5, 8, 6] })
})

t.test('writes a file, reads it back, and has it deleted', async (t) => {
  const seen = await stages(t, {}, (connection, clock) => writeShare(connection, work, clock))
  t.same(seen, { stages: ['create', 'write', 'read-back', 'delete'], commands: [5, 9, 8, 6] })
})

function alter(step: string, message: Buffer): Buffer {
  if (step === 'read') message.writeUInt8(message.readUInt8(100) ^ 1, 100)
  return message
}

t.test('refuses to read back anything else than it wrote', async (t) => {
  const written = stages(t, { alter }, (connection, clock) => writeShare(connection, work, clock))
  await t.rejects(written, MalformedError)
})
