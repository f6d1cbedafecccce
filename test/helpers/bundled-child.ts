import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles a program of the tests, so that it starts as fast as an installed one. */
export async function bundleChild(source: URL, outfile: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
  return outfile
}

/** Starts a bundled program with a channel to talk to it. */
export function startBundled(file: string, args: readonly string[]): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  return fork(file, args, { execArgv: [], env })
}
