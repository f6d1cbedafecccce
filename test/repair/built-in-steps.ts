import t from 'tap'
import {
  absenceText,
  builtInSteps,
  endsStopped,
  isAbsence,
  isOnThisHost,
} from '../../src/repair/built-in-steps.ts'

/** Its words, or in words why there is none. */
function commandOn(name: string, ...files: string[]): readonly string[] | string {
  const command = builtInSteps[name]?.command((path) => files.includes(path)) ?? []
  return isAbsence(command) ? absenceText(command) : command
}

t.test('services are restarted by systemd, under the name that this host has for them', (t) => {
  const systemd = ['/run/systemd/system', '/usr/bin/systemctl']
  const unit = (name: string) => `/lib/systemd/system/${name}.service`
  t.same(commandOn('restart-smbd', ...systemd, unit('smbd')), [
    '/usr/bin/systemctl',
    'restart',
    'smbd.service',
  ])
  t.same(commandOn('restart-smbd', ...systemd, unit('smb')).at(-1), 'smb.service')
  t.same(
    commandOn('restart-ganesha', ...systemd, unit('nfs-ganesha')).at(-1),
    'nfs-ganesha.service',
  )
  t.same(
    commandOn('restart-nfs-server', ...systemd, unit('nfs-server')).at(-1),
    'nfs-server.service',
  )
  t.same(commandOn('restart-winbind', ...systemd, unit('winbind')).at(-1), 'winbind.service')
  t.equal(commandOn('restart-smbd', ...systemd), 'systemd knows no smbd, smb, samba')
  t.equal(
    commandOn('restart-smbd', '/run/systemd/system', unit('smbd')),
    'systemctl is not installed',
  )
  t.end()
})

t.test('without systemd a script of init does it, where there is one', (t) => {
  t.same(commandOn('restart-smbd', '/etc/init.d/smbd'), ['/etc/init.d/smbd', 'restart'])
  t.same(commandOn('restart-rpcbind', '/etc/init.d/rpcbind'), ['/etc/init.d/rpcbind', 'restart'])
  t.equal(commandOn('restart-winbind'), 'neither systemd nor /etc/init.d/winbind, winbindd')
  t.end()
})

t.test('what stands still hears no init script, and is ended before; systemd has it go on', (t) => {
  const { 'restart-smbd': smbd, 'restart-rpcbind': rpcbind, 'export-again': again } = builtInSteps
  if (!smbd || !rpcbind || !again) throw new Error('a step is missing')
  t.same(endsStopped(smbd, ['/etc/init.d/smbd', 'restart']), ['smbd', 'samba'])
  t.same(endsStopped(rpcbind, ['/etc/init.d/rpcbind', 'restart']), ['rpcbind'])
  t.equal(endsStopped(smbd, ['/usr/bin/systemctl', 'restart', 'smbd.service']), undefined)
  t.equal(endsStopped(smbd, 'not here'), undefined)
  t.equal(endsStopped(smbd, []), undefined)
  t.equal(endsStopped(again, ['/etc/init.d/x']), undefined)
  t.end()
})

t.test('exports are read again by exportfs', (t) => {
  t.same(commandOn('export-again', '/usr/sbin/exportfs'), ['/usr/sbin/exportfs', '-ra'])
  t.equal(commandOn('export-again'), 'exportfs is not installed')
  t.end()
})

t.test('every one says what it helps against', (t) => {
  for (const [name, { causes, limitS }] of Object.entries(builtInSteps)) {
    t.ok(causes.length > 0 && limitS > 0, name)
  }
  t.equal(isOnThisHost('/proc'), true)
  t.equal(isOnThisHost('/proc/none'), false)
  t.end()
})
