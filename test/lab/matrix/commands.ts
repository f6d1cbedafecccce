import t from 'tap'
import type { Outcome } from '../../../src/probe/probe.ts'
import { runCommand } from '../../helpers/command.ts'
import { Host, skipOutsideLab } from '../../helpers/lab.ts'
import { note } from '../../helpers/matrix/finding.ts'
import { MortalDisk, mountFull, thawAfter } from '../../helpers/matrix/machine.ts'
import { expectations } from '../../helpers/matrix/matrix.ts'
import { verdict } from '../../helpers/matrix/nfs-verdict.ts'
import { isExpected, readTable } from '../../helpers/matrix/table.ts'
import { summary } from '../../helpers/smb-lab.ts'

t.setTimeout(600_000)

/** Seconds; a check of a server that stands still for half of it may still need as long for the rest. */
const waitS = 4

type Fault = {
  samba: {
    harm?: () => Promise<unknown>
    mend?: () => Promise<unknown>
    /** in place of the usual share or directory */
    target?: string[]
    /** what to read, where something is read */
    path?: string
  }
  nfs: Fault['samba']
}

t.test(
  'the commands say of every fault what they should, and end with it',
  { skip: skipOutsideLab() },
  async (t) => {
    const [smb, nfs, back] = await Promise.all([
      Host.create({ name: 'samba' }),
      Host.create({ name: 'nfs' }),
      Host.create({ name: 'disk' }),
    ])
    t.teardown(() => Promise.all([smb.down(), nfs.down(), back.down()]))
    await Promise.all([mountFull(smb, '/srv/full'), mountFull(nfs, '/srv/nfs/full')])
    const [samba, behind] = await Promise.all([
      smb.samba({ shares: { full: ['path = /srv/full', 'guest ok = yes', 'read only = no'] } }),
      back.ganesha({ protocols: '4' }),
    ])
    const ganesha = await nfs.ganesha({
      exports: [
        { path: '/srv/nfs/data', pseudo: '/data' },
        { path: '/srv/nfs/full', pseudo: '/full' },
      ],
      extra: `EXPORT { Export_Id = 9; Path = /data; Pseudo = /far;
        FSAL { Name = PROXY_V4; Srv_Addr = ${back.address}; } }`,
    })
    await smb.exec('sh', [
      '-c',
      'mkdir /srv/samba/guest/disk && cp /srv/samba/guest/*.txt /srv/samba/guest/disk',
    ])
    const disk = await MortalDisk.mount(smb, '/srv/samba/guest/disk')

    let thawed = Promise.resolve(0)
    const halfWay = (server: { freeze: () => Promise<void>; pids: () => Promise<number[]> }) => ({
      harm: async () => {
        await server.freeze()
        thawed = thawAfter(await server.pids(), (waitS * 1000) / 2)
      },
      mend: () => thawed,
    })
    const faults: Record<string, Fault> = {
      none: { samba: {}, nfs: {} },
      frozen: {
        samba: { harm: () => samba.freeze(), mend: () => samba.thaw() },
        nfs: { harm: () => ganesha.freeze(), mend: () => ganesha.thaw() },
      },
      'frozen for half the deadline': { samba: halfWay(samba), nfs: halfWay(ganesha) },
      killed: {
        samba: { harm: () => samba.kill(), mend: () => samba.start() },
        nfs: { harm: () => ganesha.kill(), mend: () => ganesha.start() },
      },
      'packets dropped': {
        samba: { harm: () => smb.cut(), mend: () => smb.heal() },
        nfs: { harm: () => nfs.cut(), mend: () => nfs.heal() },
      },
      'disk frozen': {
        samba: {
          path: 'disk/hello.txt',
          harm: () => disk.freeze(),
          mend: () => disk.thaw(),
        },
        nfs: {
          target: ['-d', '/far', '--nfs-version', '4.1'],
          path: 'hello.txt',
          harm: () => behind.freeze(),
          mend: () => behind.thaw(),
        },
      },
      'disk full': { samba: { target: ['-s', 'full'] }, nfs: { target: ['-d', '/srv/nfs/full'] } },
    }

    const env = { CLP_FSMON_ROOT: t.testdir() }
    const ask = async (command: string, depth: string, { target, path }: Fault['samba']) => {
      const isSamba = command === 'clp_sambamon'
      const host = isSamba ? smb : nfs
      const usual = isSamba ? ['-s', 'guest'] : ['-d', '/srv/nfs/data']
      const all = [
        'x',
        ...(target ?? usual),
        '-a',
        host.address,
        '-r',
        `${waitS}`,
        '--depth',
        depth,
      ]
      if (depth === 'read' && path !== undefined) all.push('--path', path)
      const { status, out } = await runCommand(t, command, [...all, '--check', '--json'], { env })
      const { outcome } = JSON.parse(out) as { outcome: Outcome }
      return `${status}, ${isSamba ? summary(outcome) : verdict(outcome)}`
    }

    const { phases: commands, rows } = readTable(expectations, 'Commands')
    const only = process.env.CLP_FSMON_MATRIX_ROW
    const tried = rows.filter(({ fault }) => only === undefined || only === fault)
    const planned = tried.reduce((sum, { verdicts }) => sum + verdicts.size, 0)
    note({ server: 'Commands', planned })
    for (const { fault, depth, verdicts } of tried) {
      for (const command of commands) {
        const expected = verdicts.get(command)
        const about = faults[fault]?.[command === 'clp_sambamon' ? 'samba' : 'nfs']
        if (expected === undefined) continue
        if (about === undefined) throw new Error(`nobody knows how to bring about '${fault}'`)
        // What was seen once stays known, as the attributes of a directory do.
        t.match(await ask(command, 'share', about), /^0, ok$/, `${command} passes before`)
        await about.harm?.()
        const seen = await ask(command, depth, about)
        await about.mend?.()
        const good = isExpected(seen, expected)
        const finding = { fault, depth, phase: command, expected, seen, isExpected: good }
        note({ server: 'Commands', ...finding, tries: 1, dueMs: 0, toldMs: 0 })
        t.ok(good, `${fault}, depth ${depth}, ${command}: expected ${expected}, seen ${seen}`)
      }
    }
  },
)
