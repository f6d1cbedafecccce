// Fails two groups over in a Pacemaker cluster of two hosts, Samba's and NFS-Ganesha's, and prints the time line.
// Run inside `scripts/lab run`. Exit status: 0 all was as it should be, 1 something was not.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')
const hosts = ['node1', 'node2']
const [interval, retries, wait] = [1, 2, 2]
const worstMs = 1000 * (interval + (1 + retries) * wait + retries * interval)
const patienceMs = 90_000

const groups = [
  {
    name: 'Samba',
    target: 'samba',
    address: '10.213.250.1',
    parameters: 'kind=samba share=guest',
    server: 'smbd',
    words: '--foreground --no-process-group',
    read: (address) => [
      'smbclient',
      '-N',
      `//${address}/guest`,
      '-t',
      '5',
      '-c',
      'get hello.txt -',
    ],
  },
  {
    name: 'NFS-Ganesha',
    target: 'ganesha',
    address: '10.213.250.2',
    parameters: 'kind=nfs directory=/srv/nfs/data start_wait=10',
    server: 'ganesha.nfsd',
    words: '-F -f /etc/ganesha/ganesha.conf -L /var/log/ganesha/ganesha.log -p /run/ganesha.pid',
    read: (address) => ['nfs-cat', `nfs://${address}/srv/nfs/data/hello.txt`],
  },
]

function run(command, args, input = '') {
  return spawnSync(command, args, { encoding: 'utf8', input, timeout: 60_000 })
}

function lab(...args) {
  const { status, stdout, stderr } = run(join(root, 'scripts/lab'), args)
  if (status !== 0) throw new Error(`lab ${args.join(' ')}: ${stderr}`)
  return stdout
}

function on(host, command, args, input) {
  return run(join(root, 'scripts/lab'), ['exec', host, command, ...args], input)
}

async function until(what, holds) {
  const endMs = performance.now() + patienceMs
  for (;;) {
    const found = holds()
    if (found) return found
    if (performance.now() > endMs) throw new Error(`not in ${patienceMs / 1000} s: ${what}`)
    await sleep(50)
  }
}

/** The host on which the monitor of a group is started, and with it all that is before it. */
function active(target) {
  const { stdout } = on('node1', 'crm_mon', ['-1'])
  return new RegExp(`\\* ${target}mon\\s.*Started (node\\d)`).exec(stdout)?.[1]
}

function isServed({ address, read }) {
  const [command, ...args] = read(address)
  return on('client', command, args).stdout.includes('hello')
}

function configuration({ target, address, parameters, server, words }) {
  const binary = run('sh', ['-c', `command -v ${server}`]).stdout.trim()
  return `
primitive ${target}ip IPaddr2 params ip=${address} cidr_netmask=16 op monitor interval=5s
primitive ${target} ocf:heartbeat:anything params binfile=${binary} cmdline_options="${words}" \\
  pidfile=/run/${target}-group.pid stop_timeout=2 op monitor interval=2s
primitive ${target}mon ocf:clp:fsmon params ${parameters} address=${address} \\
  interval=${interval} retries=${retries} wait=${wait} \\
  op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=20s
group ${target}group ${target}ip ${target} ${target}mon
`
}

function line(ms, what) {
  console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${what}`)
}

async function failOver(group) {
  const { name, target } = group
  const from = await until(`${name} is up`, () => active(target))
  await until('a client reads', () => isServed(group))
  console.log(`demo: ${name} is served by ${from}, and a client reads through ${group.address}`)
  const frozenAt = Date.now()
  lab('freeze', from, target)
  await until('the group moves', () => {
    const now = active(target)
    return now !== undefined && now !== from
  })
  const movedMs = Date.now() - frozenAt
  await until('the client reads again', () => isServed(group))
  const servedMs = Date.now() - frozenAt
  const { ended } = JSON.parse(on(from, 'cat', [`/run/clp-fsmon/${target}mon.json`]).stdout)
  const foundMs = Date.parse(ended.at) - frozenAt
  line(0, `${name} is frozen on ${from}`)
  line(foundMs, `its monitor has judged it ${ended.how}`)
  line(movedMs, `the group is on ${active(target)}`)
  line(servedMs, 'the client reads again')
  const fits = ended.how === 'abnormal' && foundMs <= worstMs + 2000
  console.log(
    `demo: -i ${interval} -c ${retries} -r ${wait} promise at most ${worstMs / 1000} s to the verdict: ${fits ? 'kept' : 'NOT KEPT'}`,
  )
  return fits
}

for (const host of [...hosts, 'client']) lab('add', host)
for (const host of hosts) {
  lab('start', host, 'rpcbind')
  for (const { target } of groups) {
    lab('start', host, target)
    lab('stop', host, target)
  }
  on(host, join(root, 'bin/clplcnsc'), ['--community'])
}
lab('cluster', ...hosts)
const text = `rsc_defaults resource-stickiness=100\n${groups.map(configuration).join('')}`
const configured = on('node1', 'crm', ['-F', 'configure'], text)
if (configured.status !== 0) throw new Error(configured.stderr)
let fits = true
for (const group of groups) fits = (await failOver(group)) && fits
process.exitCode = fits ? 0 : 1
