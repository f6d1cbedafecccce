import { Command } from 'commander'
import type { Io } from '../io.ts'
import type { Language, Texts } from '../texts.ts'
import type { InventoryOptions } from './inventory/inventory-settings.ts'
import { loadInventoryTexts } from './inventory/inventory-texts.ts'

/** The subcommand `inventory` of `clp_fsmon`; `end` is told its exit status. */
export async function inventoryCommand(
  language: Language,
  texts: Texts,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadInventoryTexts(language)
  return new Command('inventory')
    .description(words.about)
    .option('-a, --address <ADDRESS>', words.address)
    .option('--smb', words.smb)
    .option('--nfs', words.nfs)
    .option('--all', words.all)
    .option('--json', words.json)
    .option('--toml', words.toml)
    .option('--watch', words.watch)
    .option('-i, --interval <SECONDS>', words.interval)
    .option('-r, --wait <SECONDS>', words.wait)
    .option('-u, --user <USER>', words.user)
    .option('-p, --password <PASSWORD>', words.password)
    .option('--domain <DOMAIN>', words.domain)
    .option('--credentials <FILE>', words.credentials)
    .option('--encrypt', words.encrypt)
    .option('--port <PORT>', words.port)
    .option('-n, --nfs-port <PORT>', words.nfsPort)
    .option('--mount-port <PORT>', words.mountPort)
    .option('--nfs-version <VERSION>', words.nfsVersion)
    .addHelpText(
      'after',
      `\n${words.endsHeading}:\n${words.ends.map((line) => `  ${line}\n`).join('')}`,
    )
    .action(async (options: InventoryOptions) => {
      // Loaded only here: nobody else has a use for it.
      const { inventory } = await import('./inventory/run-inventory.ts')
      end(await inventory({ options, words, texts, io }))
    })
}
