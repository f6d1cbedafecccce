import t from 'tap'
import { composeProbe } from '../../../src/cli/monitor/compose-probe.ts'
import { monitorRequest } from '../../../src/cli/monitor/monitor-request.ts'
import type { CommandName } from '../../../src/cli/monitor/option-table.ts'
import { fakeIo } from '../../helpers/fake-io.ts'

async function compose(command: CommandName, argv: string[], env: Record<string, string> = {}) {
  const request = monitorRequest(command, ['a', ...argv])
  if (request.want !== 'watch') throw new Error('not a watch')
  return composeProbe(request.settings, fakeIo(env))
}

t.test('a share is named as it is, with everything that was settled but no secret', async (t) => {
  const composed = await compose('clp_sambamon', [
    '-s',
    'pub',
    '-u',
    'u',
    '-p',
    'Secret',
    '--encrypt',
  ])
  t.match(composed, {
    target: 'pub',
    address: '127.0.0.1',
    options: { share: 'pub', port: 445, encrypt: true, user: 'u', depth: 'share', waitS: 60 },
  })
  t.notMatch(JSON.stringify(composed), 'Secret')
})

t.test('what is left of the space can be asked of either server', async (t) => {
  const signal = AbortSignal.abort(new Error('called off'))
  for (const composed of [
    await compose('clp_sambamon', ['-s', 'pub']),
    await compose('clp_nfsmon', ['-d', '/srv/data', '-a', '127.0.0.1']),
  ]) {
    const measure = await composed.measureSpace()
    t.match(await measure(signal), { kind: 'failed' })
  }
})

t.test('who logs in follows from what is given: nobody, the guest, or a user', async (t) => {
  t.match((await compose('clp_sambamon', ['-s', 'x'])).options, { user: '' })
  t.match((await compose('clp_sambamon', ['-s', 'x', '-u', 'guest'])).options, { user: 'guest' })
  const env = { CLP_FSMON_USER: 'e', CLP_FSMON_PASSWORD: 'Secret' }
  t.match((await compose('clp_sambamon', ['-s', 'x'], env)).options, { user: 'e' })
})

t.test('an NFS server without an address is this server itself, and that is shown', async (t) => {
  const composed = await compose('clp_nfsmon', ['-d', '/srv/data'])
  t.equal(composed.target, '/srv/data')
  t.match(composed.address, /^[\d.]+$|:/)
  t.equal(composed.options.address, composed.address)
  t.notOk('nfsPort' in composed.options)
})

t.test('ports, version, depth and path are handed on', async (t) => {
  const argv = '-d /x -n2049 --mount-port 20048 --nfs-version 4.1 --depth read --path f'.split(' ')
  t.match((await compose('clp_nfsmon', argv)).options, {
    nfsPort: 2049,
    mountPort: 20048,
    nfsVersion: '4.1',
    depth: 'read',
    path: 'f',
  })
  const samba = await compose('clp_sambamon', ['-s', 'x', '--depth', 'read', '--path', 'f'])
  t.match(samba.options, { depth: 'read', path: 'f' })
})
