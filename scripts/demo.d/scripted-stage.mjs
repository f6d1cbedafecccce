import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The scripted servers of the test suite, and a directory of the demo's own for all state. */
export async function openStage(root) {
  const directory = mkdtempSync(join(tmpdir(), 'clp-fsmon-demo-'))
  const program = join(directory, 'servers.mjs')
  await build({
    entryPoints: [join(root, 'scripts/demo.d/scripted-servers.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  const servers = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(servers.stdout, 'data')
  const { smb, nfs, mount } = JSON.parse(String(line))
  const loopback = ['-a', '127.0.0.1']
  let open = true
  return {
    description: `SMB on port ${smb}, NFS on port ${nfs}, mountd on port ${mount}, all on 127.0.0.1`,
    samba: ['-s', 'pub', ...loopback, '--port', String(smb)],
    nfs: ['-d', '/srv/data', ...loopback, `-n${nfs}`, '--mount-port', String(mount)],
    env: { ...process.env, CLP_FSMON_ROOT: join(directory, 'root') },
    commandLine: (command, argv) => [process.execPath, join(root, 'bin', command), ...argv],
    freezeSamba: async () => {
      servers.stdin.write('freeze\n')
      await once(servers.stdout, 'data')
    },
    close: () => {
      if (!open) return
      open = false
      servers.kill('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
