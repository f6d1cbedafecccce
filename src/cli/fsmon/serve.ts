import { Command } from 'commander'
import type { Io } from '../io.ts'
import type { Language } from '../texts.ts'
import type { ServeOptions } from './serve/serve-settings.ts'
import { loadServeTexts } from './serve/serve-texts.ts'

/** The subcommand `serve` of `clp_fsmon`; `end` is told its exit status. */
export async function serveCommand(
  language: Language,
  io: Io,
  end: (status: number) => void,
): Promise<Command> {
  const words = await loadServeTexts(language)
  return new Command('serve')
    .description(words.about)
    .option('--listen <ADDRESS>', words.listen, '127.0.0.1:9747')
    .option('--peer <URL>', words.peer, append)
    .option('--peer-tokens <FILE>', words.peerTokens)
    .option('--peer-ca <FILE>', words.peerCa)
    .option('--token-file <FILE>', words.tokenFile)
    .option('--tls-cert <FILE>', words.tlsCert)
    .option('--tls-key <FILE>', words.tlsKey)
    .option('--insecure-listen', words.insecureListen)
    .option('--allow-control', words.allowControl)
    .option('--allow-host <NAME>', words.allowHost, append)
    .action(async (options: ServeOptions) => {
      // Loaded only here: whoever only wants a status has no use for a server.
      const { serve } = await import('./serve/run-server.ts')
      end(await serve({ options, words, io }))
    })
}

function append(value: string, before: string[] = []): string[] {
  return [...before, value]
}
