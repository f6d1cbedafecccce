import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { alertIds } from '../helpers/alert-lines.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { licensed } from '../helpers/licensed.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const bin = join(import.meta.dirname, '../../bin')

/** A host with a disk that can hang, on which one step's program lies, and the interpreter of another one's. */
async function host(t: Test) {
  const server = await Host.create({ name: 'far' })
  t.teardown(() => server.down())
  const directory = mkdtempSync(join(tmpdir(), 'repair-disk-'))
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true })
  })
  await licensed(directory)
  const script = `
    mkdir /srv/far
    printf '#!/bin/sh\\nexit 0\\n' >/srv/far/program
    printf '#!/srv/far/sh\\nexit 0\\n' >/srv/script
    cp /bin/sh /srv/far/sh
    chmod 755 /srv/far/program /srv/script`
  const made = await server.exec('bash', ['-ec', script])
  t.equal(made.status, 0, made.stderr)
  mkdirSync(join(directory, 'etc/clp-fsmon'), { recursive: true })
  const configure = (...steps: string[]) => {
    const tables = steps.map(
      (command, at) =>
        `[[repair.step]]\nname = "step${at}"\nkind = "samba"\ncauses = ["any"]\ncommand = ["${command}"]\ntimeout = 2\n`,
    )
    writeFileSync(
      join(directory, 'etc/clp-fsmon/clp-fsmon.toml'),
      `[repair]\nsettle = 0\ntotal = 60\nwait = 0\n${tables.join('')}`,
    )
  }
  const env = ['-u', 'NODE_OPTIONS', `CLP_FSMON_ROOT=${directory}`, process.execPath]
  const start = (name: string, ...argv: string[]) => {
    const monitor = server.spawn('env', [...env, join(bin, name), ...argv])
    t.teardown(() => monitor[Symbol.asyncDispose]())
    return monitor
  }
  return { server, directory, configure, start }
}

t.test('steps that lie on a disk that hangs do not hide a frozen Samba', options, async (t) => {
  const { server, directory, configure, start } = await host(t)
  configure('/srv/far/program', '/srv/script')
  const samba = await server.samba()
  const words = ['w1', '-s', 'guest', '-a', server.address, '-i', '1', '-c', '1', '-r', '2']
  const monitor = start('clp_sambamon', ...words)
  await monitor.said(/ 2 INFO /)
  await server.hang('/srv/far')
  const began = performance.now()
  await samba.freeze()
  const { status, stderr } = await monitor.finished
  const tookS = (performance.now() - began) / 1000
  t.equal(status, 1, 'and its end can be seen, for none of its own threads hangs')
  const ids = alertIds(stderr).filter((id) => id !== 105)
  t.strictSame(ids, [1, 2, 106, 74, 6], stderr)
  t.match(stderr, /step0 for any: no help, \/srv\/far\/program lies on a disk that does not answer/)
  const worstS = Number(/found after at most (\d+) s/.exec(stderr)?.[1])
  t.comment(`found after ${tookS.toFixed(1)} s, where ${worstS} s were promised`)
  t.ok(tookS < worstS, `${tookS} s, at most ${worstS} s`)
  // Where the kernel holds on to what was begun first, nothing more is.
  if (/step1 for any/.test(stderr)) {
    t.match(stderr, /step1 for any: no help, it did not end within 2 s/)
  }
  const journal = readFileSync(join(directory, 'var/lib/clp-fsmon/repair/journal.json'), 'utf8')
  t.match(JSON.parse(journal), { entries: [{ step: 'step0', end: { how: 'not-started' } }] })
  await server.unhang('/srv/far')
})

t.test('nor another server of the same list that dies meanwhile', options, async (t) => {
  const { server, directory, configure, start } = await host(t)
  configure('/srv/script')
  const [samba, ganesha] = [await server.samba(), await server.ganesha()]
  const list = join(directory, 'watches.toml')
  writeFileSync(
    list,
    `exit-on = "all"
     [defaults]
     interval = 1
     wait = 2
     retries = 1
     address = "${server.address}"
     [[watch]]
     id = "samba"
     kind = "samba"
     share = "guest"
     [[watch]]
     id = "nfs"
     kind = "nfs"
     directory = "/srv/nfs/data"\n`,
  )
  const monitor = start('clp_fsmon', 'run', list)
  const said = () => {
    try {
      const text = readFileSync(join(directory, 'var/log/clp-fsmon/alert.log'), 'utf8')
      return text
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line) as { id?: number; monitor?: string; message: string })
    } catch {
      return []
    }
  }
  const isAlerted = (id: string, alert: number) =>
    said().some((one) => one.monitor === id && one.id === alert)
  await eventually('both are watched', () => isAlerted('samba', 2) && isAlerted('nfs', 2))
  await server.hang('/srv/far')
  await samba.freeze()
  await eventually('the step has begun', () =>
    said().some(({ message }) => /step0 for any, at most/.test(message)),
  )
  await ganesha.kill()
  await eventually('the one that dies meanwhile is found', () => isAlerted('nfs', 6), 120_000)
  await eventually('and so is the other', () => isAlerted('samba', 6), 120_000)
  t.equal((await monitor.finished).status, 1)
  await server.unhang('/srv/far')
})
