import t from 'tap'
import { understandToml } from '../../src/config/read-toml.ts'
import { repairKind } from '../../src/config/repair-kinds.ts'

const read = async (text: string) => understandToml('/f', text, repairKind(['restart-smbd']))

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
  ['no command', '[[step]]\nname = "x"', 'step[1].command', 'missing'],
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
