import { Readable } from 'node:stream'
import { licenseMain } from '../../src/cli/license/license-main.ts'
import { lineInput } from '../../src/cli/license/line-input.ts'
import { fakeIo } from './fake-io.ts'

/** Registers a license below a directory, so that monitors start whose state lies there. */
export async function licensed(root: string): Promise<void> {
  const io = fakeIo({ CLP_FSMON_ROOT: root }, process.getuid?.() ?? 0)
  const status = await licenseMain(
    ['--community'],
    io,
    () => lineInput(Readable.from([])),
    new Date(),
  )
  if (status !== 0) throw new Error(`no license below ${root}: ${io.complained()}`)
}
