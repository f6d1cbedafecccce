import type { Host } from '../../test/helpers/lab.ts'
import type { Ganesha } from '../../test/helpers/lab/ganesha.ts'
import type { Samba } from '../../test/helpers/lab/samba.ts'

/** A server that is to be harmed, and the host it runs on. */
export type Victim = { host: Host; server: Samba | Ganesha; port: number }

/** A way to harm a server, and to make it whole again. */
export type Fault = {
  harm: (victim: Victim) => Promise<void>
  heal: (victim: Victim) => Promise<void>
  /** how long after healing it may still be felt: a neighbour is asked for once a second, and the like */
  aftermathMs: number
  /** the server answers in time all along */
  isHarmless?: true
}

const heal = async ({ host }: Victim) => host.heal()

const cut = (mode: 'drop' | 'silence' | 'reject' | 'unplug'): Fault => ({
  harm: async ({ host }) => host.cut({ mode }),
  heal,
  aftermathMs: 1500,
})

/** Every way, by its name. */
export const faults = {
  frozen: {
    harm: async ({ server }) => server.freeze(),
    heal: async ({ server }) => server.thaw(),
    aftermathMs: 500,
  },
  killed: {
    harm: async ({ server }) => server.kill(),
    heal: async ({ server }) => server.start(),
    aftermathMs: 500,
  },
  'port closed': {
    harm: async ({ host, port }) => host.cut({ mode: 'reset', port }),
    heal,
    aftermathMs: 500,
  },
  dropped: cut('drop'),
  silent: cut('silence'),
  unreachable: cut('reject'),
  unplugged: cut('unplug'),
  // There and back again it is more than any deadline in the soak.
  'too slow': { harm: async ({ host }) => host.delay(2500), heal, aftermathMs: 1500 },
  // A dozen times there and back it is less than half of the shortest deadline.
  slow: { harm: async ({ host }) => host.delay(20), heal, aftermathMs: 1500, isHarmless: true },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

/** Their names, each as likely as any other. */
export const faultNames = [
  'frozen',
  'killed',
  'port closed',
  'dropped',
  'silent',
  'unreachable',
  'unplugged',
  'too slow',
  'slow',
] as const satisfies readonly FaultName[]
