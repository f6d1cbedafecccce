import t from 'tap'
import type { Finding, Step } from '../../src/doctor/finding.ts'
import { runSteps } from '../../src/doctor/run-steps.ts'

const well: Step = { name: 'well', look: async () => [{ grade: 'ok', what: 'fine' }] }

t.test('a step that hangs or breaks is a finding, and the next one is done', async (t) => {
  let signalOfHanging: AbortSignal | undefined
  const hanging: Step = {
    name: 'hanging',
    look: async (signal) => {
      signalOfHanging = signal
      return new Promise(() => undefined)
    },
  }
  const broken: Step = {
    name: 'broken',
    look: async () => {
      throw new Error('no such luck')
    },
  }
  const seen: string[] = []
  const results = await runSteps([hanging, broken, well], {
    limitMs: 50,
    fix: false,
    onStep: ({ name }, number) => seen.push(`${number} ${name}`),
    onResult: ({ name }) => seen.push(name),
  })
  t.match(
    results.map(({ findings }) => findings),
    [
      [{ grade: 'failure', what: 'hangs', values: { seconds: 0.05 } }],
      [{ grade: 'failure', what: 'broken', values: { reason: 'Error: no such luck' } }],
      [{ grade: 'ok', what: 'fine' }],
    ],
  )
  t.strictSame(seen, ['1 hanging', 'hanging', '2 broken', 'broken', '3 well', 'well'])
  t.equal(signalOfHanging?.aborted, true, 'what it had begun is given up')
})

t.test('a step may have a limit of its own', async (t) => {
  const patient: Step = {
    name: 'patient',
    limitMs: () => 60_000,
    look: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return [{ grade: 'ok', what: 'fine' }]
    },
  }
  t.match(await runSteps([patient], { limitMs: 1, fix: false }), [{ findings: [{ what: 'fine' }] }])
})

function breakable(mend: () => Promise<void>): { step: Step; isBroken: () => boolean } {
  let isBroken = true
  const step: Step = {
    name: 'breakable',
    look: async (): Promise<Finding[]> => {
      if (!isBroken) return [{ grade: 'ok', what: 'fine' }]
      const mendIt = async (): Promise<void> => {
        await mend()
        isBroken = false
      }
      return [{ grade: 'failure', what: 'bad', mend: mendIt }]
    },
  }
  return { step, isBroken: () => isBroken }
}

t.test(
  'what can be mended is mended only when that is asked for, and looked at again',
  async (t) => {
    const { step, isBroken } = breakable(async () => undefined)
    t.match(await runSteps([step], { limitMs: 5000, fix: false }), [
      { findings: [{ what: 'bad' }], mended: [] },
    ])
    t.ok(isBroken())
    const [result] = await runSteps([step], { limitMs: 5000, fix: true })
    t.match(result, { findings: [{ what: 'fine' }], mended: [{ finding: { what: 'bad' } }] })
    t.equal(result?.mended[0]?.problem, undefined)
  },
)

t.test('what cannot be mended stays a finding, with the reason', async (t) => {
  const { step } = breakable(async () => {
    throw new Error('read-only')
  })
  t.match(await runSteps([step], { limitMs: 5000, fix: true }), [
    { findings: [{ what: 'bad' }], mended: [{ problem: 'Error: read-only' }] },
  ])
})
