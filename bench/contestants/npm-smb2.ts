// What a package of npm does with the same share: npm-smb2 FOLDER-OF-THE-PACKAGE ADDRESS
import { createRequire } from 'node:module'
import { serveLoop } from './serve-loop.ts'

type Client = { exists: (path: string) => Promise<boolean>; disconnect: () => void }
type Options = Readonly<Record<'share' | 'domain' | 'username' | 'password', string>> & {
  autoCloseTimeout: number
}

const [, , folder = '', address = ''] = process.argv
const Smb2: new (options: Options) => Client = createRequire(import.meta.url)(folder)

await serveLoop(async () => {
  const client = new Smb2({
    share: `\\\\${address}\\user`,
    domain: 'LAB',
    username: 'labuser',
    password: 'Lab-Pass1',
    autoCloseTimeout: 0,
  })
  try {
    // They connect with the first thing that is asked of them.
    return (await client.exists('hello.txt')) ? undefined : 'a file that is there is not found'
  } catch (error) {
    return String(error)
  } finally {
    client.disconnect()
  }
})
