import { join } from 'node:path'
import type { Host } from '../lab.ts'

const root = join(import.meta.dirname, '../../..')

/** Puts the commands where a package would. */
export async function installCommands(host: Host): Promise<void> {
  const words = [
    'mkdir -p /run/installed/sbin /run/installed/work',
    `ln -s ${root}/bin/* /run/installed/sbin`,
    'mount -t overlay overlay /usr/sbin -o lowerdir=/usr/sbin,upperdir=/run/installed/sbin,workdir=/run/installed/work',
  ]
  await runWords(host, words.join(' && '))
}

/** Runs words on a host as somebody does who has copied them from the page; throws when they fail. */
export async function runWords(
  host: Host,
  words: string,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const { status, stdout, stderr } = await host.exec('env', [
    '-u',
    'NODE_OPTIONS',
    ...settings,
    'sh',
    '-ec',
    words,
  ])
  if (status !== 0) throw new Error(`${words}: ${status} ${stdout}${stderr}`)
  return { stdout, stderr }
}
