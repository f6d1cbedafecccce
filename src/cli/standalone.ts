import { basename } from 'node:path'
import { systemIo } from './system-io.ts'

const commands = {
  clp_sambamon: async (argv: readonly string[]) => monitor('clp_sambamon', argv),
  clp_nfsmon: async (argv: readonly string[]) => monitor('clp_nfsmon', argv),
  clp_fsmon: async (argv: readonly string[]) => {
    const { fsmonMain } = await import('./fsmon/fsmon-main.ts')
    return process.exit(await fsmonMain(argv, systemIo()))
  },
  clplcnsc: async (argv: readonly string[]) => {
    const { licenseMain } = await import('./license/license-main.ts')
    const { lineInput } = await import('./license/line-input.ts')
    const openInput = () => lineInput(process.stdin)
    return process.exit(await licenseMain(argv, systemIo(), openInput, new Date()))
  },
}

async function monitor(name: 'clp_sambamon' | 'clp_nfsmon', argv: readonly string[]) {
  const { startMonitor } = await import('./monitor/start-monitor.ts')
  return startMonitor(name, argv)
}

/** One executable that is every command: the one whose name it is started by, else that of its first word. */
async function startNamed(name: string, argv: readonly string[]): Promise<never> {
  if (isCommand(name)) return commands[name](argv)
  const [first = '', ...rest] = argv
  if (isCommand(first)) return commands[first](rest)
  systemIo().err(`Start this as, or with the name of, one of: ${Object.keys(commands).join(' ')}\n`)
  return process.exit(2)
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

// No await at the top: this is bundled as CommonJS, the only form that such an executable takes.
void startNamed(basename(process.argv0), process.argv.slice(2))
