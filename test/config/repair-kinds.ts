import t from 'tap'
import { understandToml } from '../../src/config/read-toml.ts'
import { repairKind } from '../../src/config/repair-kinds.ts'

const read = async (text: string) =>
  understandToml(
    '/f',
    text,
    repairKind({ builtIns: ['restart-smbd'], causes: ['disk-full', 'process-stopped'] }),
  )

const own = `
  [[step]]
  name = "own"
  kind = "samba"
  causes = ["any"]
  command = ["/usr/local/sbin/mend", "it"]`

t.test('without a step there are only the limits that there always are', async (t) => {
  const { value, problems } = await read('')
  t.strictSame(problems, [])
  t.match(value, { enabled: true, 'per-hour': 3, 'per-day': 10, total: 180, settle: 10, step: [] })
  t.equal(value?.wait, undefined)
})

t.test(
  'a step is a built-in one, or a command that is meant for a kind and for causes',
  async (t) => {
    const { value, problems } = await read(`
    wait = 5
    [[step]]
    use = "restart-smbd"
    timeout = 90
    watches = ["w1"]
    ${own}
    remote = true`)
    t.strictSame(problems, [])
    t.match(value?.step, [
      { use: 'restart-smbd', timeout: 90, watches: ['w1'], remote: false },
      {
        name: 'own',
        kind: 'samba',
        causes: ['any'],
        command: ['/usr/local/sbin/mend', 'it'],
        remote: true,
      },
    ])
  },
)

for (const [what, text, key, trouble] of [
  ['no command', own.replace(/command.*/, ''), 'step[1].command', 'missing'],
  ['a command without causes', own.replace(/causes.*/, ''), 'step[1].causes', 'missing'],
  ['a command without a kind', own.replace(/kind.*/, ''), 'step[1].kind', 'missing'],
  ['a command without a name', own.replace(/name.*/, ''), 'step[1].name', 'missing'],
  [
    'a command by a relative path',
    own.replace('/usr/local/sbin/mend', 'mend'),
    'step[1].command[1]',
    'not-absolute',
  ],
  [
    'a command that is a text for a shell',
    own.replace(/command.*/, 'command = "systemctl restart smbd"'),
    'step[1].command',
    'not-list',
  ],
  ['both', `${own}\nuse = "restart-smbd"`, 'step[1].use', 'not-with'],
  [
    'a kind of a built-in step',
    '[[step]]\nuse = "restart-smbd"\nkind = "nfs"',
    'step[1].kind',
    'not-with',
  ],
  ['a built-in step that there is none', '[[step]]\nuse = "reboot"', 'step[1].use', 'not-a-choice'],
  ['one name twice', `${own}${own}`, 'step[2].name', 'doubled'],
  [
    'a built-in step twice',
    '[[step]]\nuse = "restart-smbd"\n[[step]]\nuse = "restart-smbd"',
    'step[2].use',
    'doubled',
  ],
  ['a total beyond its bounds', 'total = 0', 'total', 'out-of-range'],
] as const) {
  t.test(`${what} is refused`, async (t) => {
    const { problems } = await read(text)
    t.match(problems, [{ key, trouble }])
    t.equal(problems.length, 1)
  })
}

t.test(
  'a cause that is never found is refused, with what there is and what may be meant',
  async (t) => {
    const { problems } = await read(own.replace('"any"', '"any", "proces-stopped", "weather"'))
    t.match(problems, [
      {
        line: 5,
        key: 'step[1].causes[2]',
        trouble: 'not-a-choice',
        near: 'process-stopped',
        values: { value: 'proces-stopped', allowed: 'disk-full, process-stopped, any' },
      },
      { key: 'step[1].causes[3]', trouble: 'not-a-choice', values: { value: 'weather' } },
    ])
    t.equal(problems.length, 2)
    t.notOk(problems[1] && 'near' in problems[1], 'nothing is suggested that is not like it')
  },
)

t.test('everything that is wrong in one step is told at once', async (t) => {
  const { problems } = await read(`
    [[step]]
    name = "Own"
    kind = "smb"
    command = ["mend"]
    timeout = 0
    remotely = true`)
  t.same(problems.map(({ key, trouble }) => `${key} ${trouble}`).toSorted(), [
    'step[1].causes missing',
    'step[1].command[1] not-absolute',
    'step[1].kind not-a-choice',
    'step[1].name bad-form',
    'step[1].remotely unknown-key',
    'step[1].timeout out-of-range',
  ])
})

t.test('what is written wrong is not missing besides, and is told once', async (t) => {
  const { problems } = await read(`
    [[step]]
    name = 1
    kind = []
    causes = "any"
    command = [""]`)
  t.same(problems.map(({ key, trouble }) => `${key} ${trouble}`).toSorted(), [
    'step[1].causes not-list',
    'step[1].command[1] empty',
    'step[1].kind not-a-choice',
    'step[1].name not-text',
  ])
  const { problems: listed } = await read('[[step]]\nuse = "restart-samba"')
  t.match(listed, [{ key: 'step[1].use', trouble: 'not-a-choice' }])
  t.equal(listed.length, 1)
})
