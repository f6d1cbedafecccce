import { median, quantile, summary } from './statistics.mjs'

const ours = 'ours, in process'
const smbC = 'libsmbclient, in a C program'
const nfsC = 'libnfs, in a C program'
const bare = 'node -e 0'

/** What the product is to reach: `of` finds the figure in a run, or undefined where it was not measured. */
const aims = [
  {
    id: 'samba-cpu-smbclient',
    what: "Samba check, CPU: of smbclient's",
    atMost: 1 / 15,
    of: ratio('samba', 'cpuMs', ours, 'smbclient -c exit'),
  },
  {
    id: 'samba-cpu-c',
    what: "Samba check, CPU: of the C client's",
    atMost: 5,
    of: ratio('samba', 'cpuMs', ours, smbC),
  },
  {
    id: 'samba-wall-c',
    what: "Samba check, wall: of the C client's",
    atMost: 1.3,
    of: ratio('samba', 'wallMs', ours, smbC),
  },
  ...['nfs3', 'nfs4'].flatMap((part) => [
    {
      id: `${part}-cpu-c`,
      what: `NFSv${part.at(-1)} check, CPU: of libnfs's`,
      atMost: 3,
      of: ratio(part, 'cpuMs', ours, nfsC),
    },
    {
      id: `${part}-wall-c`,
      what: `NFSv${part.at(-1)} check, wall: of libnfs's`,
      atMost: 1.5,
      of: ratio(part, 'wallMs', ours, nfsC),
    },
  ]),
  ...Object.entries({
    check: 'clp_sambamon --check, to its verdict',
    monitor: 'clp_sambamon ID, to alert 2',
  }).flatMap(([id, name]) => [
    {
      id: `start-${id}-wall`,
      what: `${name}, wall: of node's start`,
      atMost: 1.5,
      of: ratio('start', 'wallMs', name, bare),
    },
    {
      id: `start-${id}-cpu`,
      what: `${name}, CPU: of node's start`,
      atMost: 1.5,
      of: ratio('start', 'cpuMs', name, bare),
    },
  ]),
  {
    id: 'memory-process',
    what: "one more monitor, private memory: of an idle node's",
    atMost: 1.4,
    of: ({ memory }) => memory && perIdle(memory),
  },
  {
    id: 'installed',
    what: 'installed size, MB',
    atMost: 1,
    of: ({ installedBytes }) => installedBytes && { value: installedBytes / 1e6 },
  },
  {
    id: 'memory-watch',
    what: 'one more watch in a process, of 1,000, private memory, kB',
    atMost: 100,
    of: ({ growth }) => {
      const many = thousand(growth)
      return many && perWatch(growth[0], many)
    },
  },
  {
    id: 'watches-cpu',
    what: '1,000 watches at 30 s, CPU: percent of a core',
    atMost: 10,
    of: ({ growth }) => {
      const many = thousand(growth)
      return many && { value: (many.cpuMs / many.wallMs) * 100 }
    },
  },
  {
    id: 'watches-lateness',
    what: '1,000 watches at 30 s, lateness p99, ms',
    atMost: 50,
    of: ({ growth }) => {
      const many = thousand(growth)
      return many && { value: quantile(many.latenessMs, 0.99), n: many.latenessMs.length }
    },
  },
  {
    id: 'stop',
    what: '-stop between checks, ms',
    atMost: 200,
    of: ({ stop }) => stop && summary(stop.idle),
  },
  {
    id: 'stop-hanging',
    what: '-stop while the server hangs, ms',
    atMost: 200,
    of: ({ stop }) => stop && summary(stop.hanging),
  },
  ...['clp_sambamon', 'clp_nfsmon'].map((command) => ({
    id: `detection-${command}`,
    what: `${command}, end later than the model's time, ms`,
    atMost: 100,
    of: ({ detection }) => detection && summary(detection[command]),
  })),
]

/** Every aim, with what a run came to. */
export function judge(run) {
  return aims.map(({ id, what, atMost, of }) => {
    const found = of(run)
    if (found === undefined) return { id, what, atMost }
    const { value } = found
    return Object.assign({ id, what, atMost }, found, {
      ofAim: value / atMost,
      met: value <= atMost,
    })
  })
}

/** A contestant's figure of one round: the median of its checks' wall times, or its CPU time a check. */
export function figure(sample, name) {
  return name === 'wallMs' ? median(sample.wallMs) : sample[name]
}

/** Round by round, so that whatever else the machine did in a round is in both. */
function ratio(part, name, one, other) {
  return ({ series }) => {
    const [above, below] = [one, other].map((who) => series[`${part}/${who}`])
    if (above === undefined || below === undefined || isFaulty(above) || isFaulty(below)) {
      return undefined
    }
    return summary(
      above.rounds.map((sample, i) => figure(sample, name) / figure(below.rounds[i], name)),
    )
  }
}

/** The time that a failure took is no figure of a check. */
function isFaulty({ gone, rounds }) {
  return gone !== undefined || rounds.some(({ failed }) => failed > 0)
}

function perIdle({ monitorsKb, idleKb }) {
  const idle = median(idleKb)
  return summary(monitorsKb.map((kb) => kb / idle))
}

/** How much more private memory many watches have than a single one, for each of them; of few the heap's steps would tell. */
function perWatch(one, many) {
  return { value: (many.privateKb - one.privateKb) / (many.watches - one.watches) }
}

function thousand(growth) {
  return growth?.find(({ watches }) => watches === 1000)
}
