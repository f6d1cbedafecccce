import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../helpers/eventually.ts'
import { diagnosed, type Found } from '../helpers/diagnosed.ts'
import { holdOpen } from '../helpers/hold-open.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { memoryGroup } from '../helpers/memory-group.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

/** Holds the first cause to what was done, and shows all. */
function expectFirst(t: Test, what: string, causes: readonly Found[], key: string): void {
  t.comment(`${what}: ${causes.map((cause) => cause.key).join(', ') || 'nothing'}`)
  t.equal(causes[0]?.key, key, `${what}: ${JSON.stringify(causes)}`)
  t.ok((causes[0]?.evidence.length ?? 0) > 0, `${what}: with evidence`)
}

/** Connects until nobody takes it any more. */
const crowd = `
use IO::Socket::INET;
my @c = map { IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 445, Timeout => 1) } 1 .. 53;
$| = 1; print "full\\n"; sleep 600`

/** Listens at Samba's port, and is not Samba. */
const holder = `
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 445, Listen => 5, ReuseAddr => 1) or die;
$| = 1; print "held\\n"; sleep 600`

async function shell(host: Host, script: string): Promise<string> {
  const { status, stdout, stderr } = await host.exec('bash', ['-ec', script])
  if (status !== 0) throw new Error(`${script}: ${stderr}`)
  return stdout
}

t.test('what was done to Samba is first on the list', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const share = async (name: string, more: readonly string[] = []) =>
    diagnosed(host, ['-a', host.address, '-s', name, ...more])
  const samba = await host.samba()
  t.strictSame(await share('user'), [], 'nothing is wrong')

  await samba.freeze()
  expectFirst(t, 'frozen', await share('user'), 'process-stopped')
  const clients = host.spawn('perl', ['-e', crowd, host.address])
  t.teardown(() => clients[Symbol.asyncDispose]())
  await clients.said(/full/)
  const full = await share('user')
  expectFirst(t, 'frozen, with a full queue', full, 'process-stopped')
  t.equal(full[1]?.key, 'backlog-full')
  await clients.kill('SIGKILL')
  await samba.thaw()

  await shell(host, 'mount -t tmpfs -o size=1m tmpfs /srv/samba/user')
  await shell(host, 'head -c 2M /dev/zero >/srv/samba/user/full || true')
  expectFirst(t, 'a full disk', await share('user'), 'disk-full')
  await shell(host, 'rm /srv/samba/user/full; mount -o remount,ro /srv/samba/user')
  expectFirst(t, 'a read-only disk', await share('user'), 'disk-read-only')
  await shell(host, 'umount /srv/samba/user; mount -t tmpfs -o nr_inodes=3 tmpfs /srv/samba/user')
  await shell(host, 'touch /srv/samba/user/{a,b}')
  expectFirst(t, 'no inodes', await share('user'), 'inodes-gone')
  await shell(host, 'umount /srv/samba/user')
  t.strictSame(await share('user'), [], 'all is well again')

  expectFirst(t, 'a share without its directory', await share('gone'), 'path-missing')
  await shell(host, 'cp /etc/samba/smb.conf /run/good.conf')
  await shell(host, 'sed -i "s/^\\[user\\]/[other]/" /etc/samba/smb.conf')
  expectFirst(t, 'no such share', await share('user'), 'share-missing')
  await shell(host, 'echo "[global" >/etc/samba/smb.conf')
  expectFirst(t, 'a broken smb.conf', await share('user'), 'smb-conf-invalid')
  await shell(host, 'cp /run/good.conf /etc/samba/smb.conf')

  await host.hang('/srv/samba/user')
  expectFirst(t, 'a disk that hangs', await share('user'), 'disk-stalled')
  await host.unhang('/srv/samba/user')

  const open = (await shell(host, `ls /proc/$(pgrep -o smbd)/fd | wc -l`)).trim()
  await shell(host, `prlimit --pid $(pgrep -o smbd) --nofile=${open}:`)
  expectFirst(t, 'no more files', await share('user'), 'fd-limit')

  await samba.kill()
  expectFirst(t, 'killed', await share('user'), 'process-missing')
  const other = host.spawn('perl', ['-e', holder])
  t.teardown(() => other[Symbol.asyncDispose]())
  await other.said(/held/)
  expectFirst(t, 'the port is taken', await share('user'), 'port-taken')
})

t.test('a floating address that has gone is first on the list', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  const floating = host.address.replace(/\d+$/, '251')
  const device = (
    await shell(host, `ip -o -4 addr show to ${host.address} | awk '{print $2}'`)
  ).trim()
  await shell(host, `ip addr add ${floating}/16 dev ${device}`)
  const words = ['-a', floating, '-s', 'user']
  t.strictSame(await diagnosed(host, words), [])
  await shell(host, `ip addr del ${floating}/16 dev ${device}`)
  expectFirst(t, 'the address has gone', await diagnosed(host, words), 'address-absent')
  const known = await diagnosed(host, [...words, '--was-here'])
  expectFirst(t, 'the address was here', known, 'address-absent')
})

t.test('a queue that nobody empties is full', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const samba = await host.samba()
  await samba.kill()
  // What is called so and listens, but never accepts.
  await shell(
    host,
    `cat >/run/smbd <<'END'
#!/usr/bin/perl
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 445, Listen => 50, ReuseAddr => 1) or die;
my @c = map { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => 445, Timeout => 1) } 1 .. 53;
print "full\\n"; $| = 1; print ""; sleep 600;
END
chmod +x /run/smbd`,
  )
  const deaf = host.spawn('/run/smbd', [])
  t.teardown(() => deaf[Symbol.asyncDispose]())
  await deaf.said(/full/)
  expectFirst(
    t,
    'a full queue',
    await diagnosed(host, ['-a', host.address, '-s', 'user']),
    'backlog-full',
  )
})

t.test('what was done to NFS is first on the list', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  const words = ['-a', host.address, '-d', '/srv/nfs/data']
  const ganesha = await host.ganesha()
  t.strictSame(await diagnosed(host, words), [], 'nothing is wrong')

  await ganesha.freeze()
  expectFirst(t, 'frozen', await diagnosed(host, words), 'process-stopped')
  await ganesha.thaw()
  await host.service('rpcbind').kill()
  expectFirst(t, 'rpcbind has gone', await diagnosed(host, words), 'rpcbind-missing')
  await host.rpcbind()
  await shell(host, 'cp /etc/ganesha/ganesha.conf /run/good.conf')
  await shell(host, 'sed -i s,/srv/nfs/data,/srv/nfs/other,g /etc/ganesha/ganesha.conf')
  expectFirst(t, 'not exported', await diagnosed(host, words), 'export-missing')
  await shell(host, 'echo "EXPORT { Path = " >>/etc/ganesha/ganesha.conf')
  expectFirst(t, 'a broken configuration', await diagnosed(host, words), 'exports-invalid')
  await shell(host, 'cp /run/good.conf /etc/ganesha/ganesha.conf')
  await ganesha.kill()
  expectFirst(t, 'killed', await diagnosed(host, words), 'process-missing')
  await ganesha.restart({ grace: 90 })
  await holdOpen(t, host)
  await ganesha.kill()
  await ganesha.start()
  expectFirst(t, 'in grace', await diagnosed(host, words), 'grace-period')
})

t.test('what keeps from a server elsewhere is first on the list', options, async (t) => {
  const client = await Host.create({ name: 'client' })
  const server = await Host.create()
  t.teardown(() => Promise.all([client.down(), server.down()]))
  await server.samba()
  const words = ['-a', server.address, '-s', 'user']
  t.strictSame(await diagnosed(client, words), [], 'nothing is wrong')
  const silent = server.address.replace(/\d+$/, '252')
  expectFirst(
    t,
    'nobody has the address',
    await diagnosed(client, ['-a', silent, '-s', 'user']),
    'neighbour-silent',
  )
  expectFirst(
    t,
    'no such name',
    await diagnosed(client, ['-a', 'nowhere.invalid', '-s', 'user']),
    'name-unresolved',
  )
  await server.off()
  await eventually(
    'its host no longer answers',
    async () => {
      // As checks do: until somebody sends something, nobody notices.
      await client.exec('timeout', ['1', 'bash', '-c', `exec 3<>/dev/tcp/${server.address}/445`])
      return (await diagnosed(client, words)).length > 0
    },
    120_000,
  )
  expectFirst(t, 'the host is off', await diagnosed(client, words), 'neighbour-silent')
  await shell(client, 'ip route flush table main')
  expectFirst(t, 'no route', await diagnosed(client, words), 'no-route')
})

t.test('a server that is killed for memory was killed for memory', options, async (t) => {
  const group = memoryGroup(t)
  if (group === undefined) {
    t.comment('no memory controller can be written to here')
    t.pass('not tried')
    return
  }
  const host = await Host.create()
  t.teardown(() => host.down())
  const samba = await host.samba()
  const words = ['-a', host.address, '-s', 'user']
  const [parent = 0] = await samba.pids('parent')
  writeFileSync(`/proc/${parent}/oom_score_adj`, '1000')
  writeFileSync(join(group.directory, 'cgroup.procs'), String(parent))
  group.limit(1024 * 1024)
  await eventually('the kernel has ended it', async () => {
    if (!existsSync(`/proc/${parent}`)) return true
    // Whoever comes costs memory.
    await host.exec('smbclient', ['-N', '-t', '2', `//${host.address}/guest`, '-c', 'exit'])
    return !existsSync(`/proc/${parent}`)
  })
  const causes = await diagnosed(host, words)
  if (!causes.some(({ key }) => key === 'oom-killed') && !existsSync('/dev/kmsg')) {
    t.comment('the log of the kernel cannot be read here')
    t.pass('not tried')
    return
  }
  expectFirst(t, 'killed for memory', causes, 'oom-killed')
})

t.test('winbindd that has gone is first where it is needed', options, async (t) => {
  const host = await Host.create()
  t.teardown(() => host.down())
  await host.samba()
  const words = ['-a', host.address, '-s', 'user']
  const winbind = host.spawn('winbindd', ['-F', '--no-process-group'])
  t.teardown(() => winbind[Symbol.asyncDispose]())
  await eventually('winbindd answers', async () => (await host.exec('wbinfo', ['-p'])).status === 0)
  // A member of a domain without a domain: nobody logs in here.
  const member = 's/server role = .*/security = domain/'
  await shell(host, `sed -i "${member}" /etc/samba/smb.conf`)
  t.strictSame(await diagnosed(host, words), [], 'nothing is wrong')
  const pid = await winbind.pid()
  process.kill(pid, 'SIGSTOP')
  expectFirst(t, 'winbindd frozen', await diagnosed(host, words), 'process-stopped')
  process.kill(pid, 'SIGKILL')
  await winbind.finished
  await eventually(
    'all of it has gone',
    async () => (await host.exec('pgrep', ['winbindd|^wb'])).status !== 0,
  )
  expectFirst(t, 'winbindd gone', await diagnosed(host, words), 'winbind-missing')
})
