import { chmod, lstat, mkdir } from 'node:fs/promises'
import { RegistryError } from './registry-error.ts'

/** Makes a directory that is ours alone, or makes sure that the one there is: no link, no one else's. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const stats = await lstat(path)
  if (!stats.isDirectory()) {
    throw new RegistryError('unsafe-directory', `${path} is not a directory of its own`)
  }
  if (stats.uid !== process.geteuid?.()) {
    throw new RegistryError('unsafe-directory', `${path} belongs to user ${stats.uid}`)
  }
  if ((stats.mode & 0o077) !== 0) await chmod(path, 0o700)
}
