import t from 'tap'
import { Host, skipOutsideLab } from '../helpers/lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

t.test('Samba answers smbclient, with the shares of the lab', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.samba()

  const { status, stdout } = await client.exec('smbclient', ['-N', '-g', '-L', server.address])
  t.equal(status, 0)
  const shares = stdout.split('\n').filter((line) => /^(Disk|Printer)/.test(line))
  t.same(
    shares.map((line) => line.split('|').slice(0, 2).join(' ')),
    [
      'Disk guest',
      'Disk user',
      'Disk enc',
      'Disk hdeny',
      'Disk max1',
      'Disk gone',
      'Printer printer',
    ],
  )
})

t.test('a share lets in whom it shall', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  await server.samba()

  const cases = [
    ['guest', '%', ''],
    ['guest', 'labuser%Lab-Pass1', ''],
    ['user', 'labuser%Lab-Pass1', ''],
    ['user', 'labuser%wrong', 'LOGON_FAILURE'],
    ['user', '%', 'ACCESS_DENIED'],
    ['enc', 'labuser%Lab-Pass1', ''],
    ['hdeny', 'labuser%Lab-Pass1', 'ACCESS_DENIED'],
    ['max1', '%', ''],
    ['printer', '%', ''],
    ['gone', '%', 'BAD_NETWORK_NAME'],
  ] as const
  for (const [share, user, error] of cases) {
    const args = ['-U', user, `//${server.address}/${share}`, '-c', 'exit']
    const { status, stdout } = await server.exec('smbclient', args)
    t.equal(/NT_STATUS_(\w+)/.exec(stdout)?.[1] ?? '', error, `${share} for ${user}`)
    t.equal(status, error === '' ? 0 : 1, `status for ${share} for ${user}`)
  }
})

t.test('Ganesha answers NFSv3 and NFSv4 clients', options, async (t) => {
  const server = await Host.create({ name: 'nfs' })
  const client = await Host.create({ name: 'client' })
  t.teardown(() => Promise.all([server.down(), client.down()]))
  await server.ganesha()

  const mounts = await client.exec('showmount', ['--no-headers', '-e', server.address])
  t.match(mounts.stdout, /^\/srv\/nfs\/data /m)
  t.match(mounts.stdout, /^\/srv\/nfs\/mem /m)
  for (const path of ['srv/nfs/data', 'data?version=4']) {
    const list = await client.exec('nfs-ls', [`nfs://${server.address}/${path}`])
    t.match(list.stdout, /4194304 big\.bin/, path)
  }
})
