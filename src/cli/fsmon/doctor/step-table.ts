import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { judgeAdmission } from '../../../doctor/admission-step.ts'
import { clockSynchronised, judgeClock } from '../../../doctor/clock-step.ts'
import { clusterFacts } from '../../../doctor/cluster-facts.ts'
import { judgeCluster } from '../../../doctor/cluster-step.ts'
import { lookAtDirectories } from '../../../doctor/directories-step.ts'
import type { Step } from '../../../doctor/finding.ts'
import { lookAtLeftovers } from '../../../doctor/leftovers-step.ts'
import { installCommand } from '../../../doctor/install-command.ts'
import { judgeLogrotate, rotationOf } from '../../../doctor/logrotate-step.ts'
import { lookAtNames } from '../../../doctor/names-step.ts'
import { judgeNode } from '../../../doctor/node-step.ts'
import { judgePorts, usedPorts } from '../../../doctor/ports-step.ts'
import { programOutput, type RunProgram } from '../../../doctor/program-output.ts'
import { judgeRoot } from '../../../doctor/root-step.ts'
import { judgeSpeech, startLogCommand, syslogAt } from '../../../doctor/speech-step.ts'
import { layoutUnder } from '../../../registry/layout.ts'
import { Registry } from '../../../registry/registry.ts'
import { findProgram } from '../../find-program.ts'
import type { Io } from '../../io.ts'
import type { ConfigTexts } from '../../settings/config-texts.ts'
import type { Language, Texts } from '../../texts.ts'
import { checksLimitMs, lookAtServers } from './check-step.ts'
import { configuredWatches, type Configured, type ConfiguredWatch } from './configured-watches.ts'
import { lookAtCredentials } from './credentials-step.ts'
import { lookAtLicense } from './license-step.ts'
import { addressOf, admissionFacts, localWatches } from './local-watches.ts'

/** What the steps look at the host with. */
export type DoctorParts = {
  io: Io
  language: Language
  texts: Texts
  configTexts: ConfigTexts
  /** the program's own file, which is as old as its installation */
  program: string
  nodeVersion: string
  run?: RunProgram
}

/** What only root can see; of others it would say that it is missing, damaged or another's. */
const forRoot: ReadonlySet<string> = new Set([
  'directories',
  'license',
  'configuration',
  'credentials',
  'ports',
  'names',
  'admission',
  'servers',
  'leftovers',
])

/** Every step, in the order in which one rests on another. */
export function stepTable(parts: DoctorParts): Step[] {
  const { io, language, texts, configTexts, program, nodeVersion, run = programOutput } = parts
  const trial = io.env.CLP_FSMON_ROOT
  const layout = layoutUnder(trial ?? '/')
  const path = `${io.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`
  const has = (name: string): boolean => findProgram(name, path) !== undefined
  const registry = new Registry(layout.run)
  let configured: Configured = { watches: [], findings: [] }
  const steps: Step[] = [
    { name: 'node', look: async () => judgeNode(nodeVersion) },
    { name: 'root', look: async () => judgeRoot(io.uid, trial) },
    {
      name: 'directories',
      look: async () => lookAtDirectories(layout, process.geteuid?.() ?? io.uid),
    },
    { name: 'license', look: async () => lookAtLicense(io, new Date()) },
    {
      name: 'clock',
      look: async (signal) =>
        judgeClock({
          now: new Date(),
          installed: statSync(program).mtime,
          synchronised: await clockSynchronised(run, signal),
        }),
    },
    {
      name: 'configuration',
      look: async () => {
        configured = await configuredWatches({ layout, io, texts, configTexts, language })
        return configured.findings
      },
    },
    {
      name: 'credentials',
      look: async () => lookAtCredentials(configured.watches, layout.etc, io.uid, texts),
    },
    {
      name: 'logrotate',
      look: async () => {
        // A trial writes nothing outside its directory, where no program looks for it.
        if (trial !== undefined) return [{ grade: 'note', what: 'trial' }]
        return judgeLogrotate({
          hasProgram: has('logrotate'),
          install: installCommand(has),
          ...rotationOf('/etc/logrotate.d', layout.log),
        })
      },
    },
    {
      name: 'speech',
      look: async () =>
        judgeSpeech({
          clplogcmd: findProgram('clplogcmd', path),
          logger: findProgram('logger', path),
          syslog: await syslogAt('/dev/log'),
          install: installCommand(has),
          loggerPackage: has('apt-get') ? 'bsdutils' : 'util-linux',
          startLog: startLogCommand(has, existsSync('/run/systemd/system')),
        }),
    },
    {
      name: 'ports',
      look: async () => judgePorts(usedPorts(), configured.watches.filter(isNfs).length),
    },
    {
      name: 'names',
      look: async (signal) =>
        lookAtNames(
          configured.watches.map(addressOf).filter((host) => host !== ''),
          signal,
        ),
    },
    {
      name: 'admission',
      look: async (signal) => {
        const local = localWatches(configured.watches)
        if (local.length === 0) return [{ grade: 'ok', what: 'elsewhere' }]
        const facts = await admissionFacts('/', run, signal)
        return local.map((watch) => judgeAdmission(watch, facts))
      },
    },
    {
      name: 'servers',
      limitMs: () => checksLimitMs(configured.watches),
      look: async (signal) => lookAtServers(configured.watches, io, language, signal),
    },
    { name: 'leftovers', look: async () => lookAtLeftovers(layout.run, registry, new Date()) },
    {
      name: 'cluster',
      look: async () => {
        if (trial !== undefined) return [{ grade: 'note', what: 'trial' }]
        const { watches } = configured
        const id = watches.length === 1 ? watches[0]?.id : undefined
        const templates = [templatesBeside(program)]
        return judgeCluster(clusterFacts({ root: '/', etc: layout.etc, templates, has }), id)
      },
    },
  ]
  if (io.uid === 0 || trial !== undefined) return steps
  return steps.map((step) =>
    forRoot.has(step.name)
      ? { name: step.name, look: async () => [{ grade: 'note', what: 'needsRoot' }] }
      : step,
  )
}

function templatesBeside(program: string): string {
  try {
    return join(dirname(realpathSync(program)), '../templates')
  } catch {
    return '/usr/lib/clp-fsmon/templates'
  }
}

function isNfs({ settings, running }: ConfiguredWatch): boolean {
  return (settings?.command ?? running?.command) === 'clp_nfsmon'
}
