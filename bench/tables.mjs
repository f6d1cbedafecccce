import { figure, judge } from './aims.mjs'
import { deviation, median, quantile } from './statistics.mjs'

const titles = {
  samba: 'Samba check',
  nfs3: 'NFSv3 check',
  nfs4: 'NFSv4 check',
  start: 'Start to first verdict',
  status: 'clp_fsmon status',
}

/** Everything that a run came to: tables, each a title, a row of headings, and rows of texts. */
export function tables(run) {
  const parts = [...new Set(Object.keys(run.series).map((key) => key.split('/')[0]))]
  return [
    aimTable(run),
    ...parts.map((part) => contestantTable(run, part)),
    ...memoryTable(run),
    ...growthTable(run),
    ...delayTable(run),
  ]
}

function aimTable(run) {
  const rows = judge(run).map(({ what, atMost, value, low, high, n, ofAim, met }) => {
    if (value === undefined) return [what, '', 'not measured', '', `≤ ${digits(atMost)}`, '', '']
    const spread = low === undefined ? '' : `${digits(low)} … ${digits(high)}`
    return [
      what,
      ofAim.toFixed(2),
      digits(value),
      spread,
      `≤ ${digits(atMost)}`,
      count(n),
      met ? 'yes' : 'NO',
    ]
  })
  return {
    title: 'Aims',
    headings: ['what', 'of its aim', 'measured', 'quartiles', 'aim', 'n', 'met'],
    rows,
  }
}

/** Ratios are to the first of a table: ours, or a bare node. */
function contestantTable({ series }, part) {
  const inPart = Object.entries(series).filter(([key]) => key.startsWith(`${part}/`))
  const first = inPart[0][1].rounds
  const rows = inPart.map(([key, { rounds, gone, kind }]) => {
    const name = key.slice(part.length + 1)
    const failed = rounds.reduce((sum, sample) => sum + sample.failed, 0)
    const reason = gone ?? rounds.find((sample) => sample.reason)?.reason ?? ''
    const walls = rounds.flatMap(({ wallMs }) => wallMs)
    if (gone !== undefined || failed === walls.length) {
      return [name].concat(Array(9).fill(''), `fails: ${reason}`)
    }
    const note = failed > 0 ? `${failed} of ${walls.length} failed: ${reason}` : ''
    return [
      name,
      times(rounds, first, 'wallMs'),
      times(rounds, first, 'cpuMs'),
      digits(median(walls)),
      digits(quantile(walls, 0.99)),
      digits(deviation(walls)),
      digits(median(rounds.map(({ cpuMs }) => cpuMs))),
      digits(Math.max(...rounds.map(({ peakKb }) => peakKb)) / 1024),
      kind === 'loop' ? `${walls.length} in ${rounds.length}` : count(walls.length),
      digits(median(rounds.map(({ connections }) => connections))),
      note,
    ]
  })
  return {
    title: titles[part] ?? part,
    headings: [
      'who',
      '× wall',
      '× CPU',
      'wall p50 ms',
      'p99',
      'MAD',
      'CPU ms',
      'peak MiB',
      'n',
      'connections',
      '',
    ],
    rows,
  }
}

function times(rounds, first, name) {
  const ratios = rounds.flatMap((sample, i) => {
    const base = first[i] && figure(first[i], name)
    return base > 0 ? [figure(sample, name) / base] : []
  })
  return ratios.length === 0 ? '' : digits(median(ratios))
}

function memoryTable({ memory }) {
  if (memory === undefined) return []
  const { monitorsKb, idleKb, leastKb, checksEach, cpuMsPerCheck } = memory
  const each = `after ${Math.floor(checksEach)} checks each`
  const notes = {
    'six fixed messages, from Node': each,
    clp_sambamon: `${each}; ${digits(cpuMsPerCheck)} ms of CPU for each, all that the monitor does included`,
  }
  const all = {
    'idle node': idleKb,
    'six fixed messages, from Node': leastKb,
    clp_sambamon: monitorsKb,
  }
  // Runs of before have none of the second.
  const rows = Object.entries(all).flatMap(([name, samples]) =>
    samples === undefined ? [] : [memoryRow(name, samples, median(idleKb), notes[name] ?? '')],
  )
  const headings = ['one more', '× idle', 'private MiB p50', 'least', 'most', 'n', '']
  return [{ title: 'Memory of one more process', headings, rows }]
}

function memoryRow(name, samples, idle, note) {
  return [
    name,
    digits(median(samples) / idle),
    digits(median(samples) / 1024),
    digits(Math.min(...samples) / 1024),
    digits(Math.max(...samples) / 1024),
    count(samples.length),
    note,
  ]
}

function growthTable({ growth }) {
  if (growth === undefined) return []
  const rows = growth.map((sample) => {
    const { watches, intervalMs, cpuMs, wallMs, privateKb, latenessMs, checks, failed, reason } =
      sample
    return [
      `${watches}`,
      digits((cpuMs / wallMs) * 100),
      digits(cpuMs / checks),
      digits(privateKb / 1024),
      watches === 1 ? '' : digits((privateKb - growth[0].privateKb) / (watches - 1)),
      digits(median(latenessMs)),
      digits(quantile(latenessMs, 0.99)),
      digits(Math.max(...latenessMs)),
      `${checks} in ${digits(wallMs / 1000)} s, every ${intervalMs / 1000} s${failed > 0 ? `; ${failed} failed: ${reason}` : ''}`,
    ]
  })
  return [
    {
      title: 'Watches in one process',
      headings: [
        'watches',
        '% of a core',
        'CPU ms a check',
        'private MiB',
        'kB a watch',
        'late p50 ms',
        'p99',
        'most',
        'checks',
      ],
      rows,
    },
  ]
}

function delayTable({ stop, detection }) {
  if (stop === undefined) return []
  const all = {
    '-stop between checks': stop.idle,
    'of that, until the monitor is gone': stop.monitorOfIdle,
    '-stop while the server hangs': stop.hanging,
    'of this, until the monitor is gone': stop.monitorOfHanging,
    'clp_sambamon, end later than the model': detection.clp_sambamon,
    'clp_nfsmon, end later than the model': detection.clp_nfsmon,
  }
  const rows = Object.entries(all).map(([name, samples]) => [
    name,
    digits(median(samples)),
    digits(Math.min(...samples)),
    digits(Math.max(...samples)),
    digits(deviation(samples)),
    count(samples.length),
  ])
  return [{ title: 'Delay', headings: ['ms', 'p50', 'least', 'most', 'MAD', 'n'], rows }]
}

/** Three digits that say something. */
function digits(value) {
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0)
  return Number(value.toPrecision(3)).toString()
}

function count(n) {
  return n === undefined ? '' : String(n)
}
