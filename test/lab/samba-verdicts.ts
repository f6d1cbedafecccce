import t from 'tap'
import type { SambaTarget } from '../../src/probe/samba.ts'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { eventually } from '../helpers/eventually.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import type { SambaOptions } from '../helpers/lab/samba.ts'
import { checkLab, expectOutcome, type Expected, labuser } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }

const nobody = Credentials.anonymous()
const guest = Credentials.guest()
const as = (name: string, password = 'Lab-Pass1') => Credentials.user(name, password)

type Case = [name: string, target: Partial<SambaTarget>, expected: Expected]

const users: SambaOptions['users'] = (
  ['disabled', 'locked', 'must-change', 'account-expired', 'password-expired'] as const
).map((state) => ({ name: `u-${state}`, password: 'Lab-Pass1', state }))

/** Configurations of Samba, and what a check of each is to say. */
const configurations: [name: string, samba: SambaOptions, cases: Case[]][] = [
  [
    'as it comes',
    { users },
    [
      [
        'guest share, nobody',
        { share: 'guest', credentials: nobody },
        { session: 'anonymous', share: 'disk' },
      ],
      ['guest share, guest', { share: 'guest', credentials: guest }, { session: 'guest' }],
      ['guest share, user', { share: 'guest' }, { session: 'user' }],
      ['user share, user', {}, { session: 'user', signing: 'AES-128-GMAC', share: 'disk' }],
      ['user share, nobody', { credentials: nobody }, 'tree 62[5]'],
      ['user share, read', { depth: 'read' }, { share: 'disk' }],
      [
        'user share, read a file',
        { share: 'guest', depth: 'read', path: 'hello.txt' },
        { share: 'disk' },
      ],
      [
        'user share, read a large file',
        { share: 'guest', depth: 'read', path: '/big.bin' },
        { share: 'disk' },
      ],
      ['user share, read no such file', { depth: 'read', path: 'no/such' }, 'open 62[3]'],
      ['user share, write', { depth: 'write' }, { share: 'disk' }],
      [
        'guest share, write',
        { share: 'guest', depth: 'write', credentials: nobody },
        { share: 'disk' },
      ],
      ['printer share', { share: 'printer', credentials: nobody }, { share: 'printer' }],
      ['printer share, read', { share: 'printer', depth: 'read' }, 'tree 62[50]'],
      ['service alone', { depth: 'service' }, { dialect: '3.1.1' }],
      ['NetBIOS', { port: 139 }, { session: 'user' }],
      [
        'NetBIOS, guest share',
        { port: 139, share: 'guest', credentials: nobody },
        { session: 'anonymous' },
      ],
      ['IPC$', { share: 'IPC$' }, 'tree 63'],
      ['no such share', { share: 'no-such' }, 'tree 62[67]'],
      ['directory gone', { share: 'gone' }, 'tree 62[67]'],
      ['hosts deny on the share', { share: 'hdeny' }, 'tree 62[5]'],
      ['wrong password', { credentials: as('labuser', 'wrong') }, 'session 62[1326]'],
      ['no such user', { credentials: as('nobody-at-all') }, 'session 62[1326]'],
      ['account disabled', { credentials: as('u-disabled') }, 'session 62[1331]'],
      ['account locked', { credentials: as('u-locked') }, 'session 62[1909]'],
      ['account expired', { credentials: as('u-account-expired') }, 'session 62[1793]'],
      ['password expired', { credentials: as('u-password-expired') }, 'session 62[1330]'],
      ['password must change', { credentials: as('u-must-change') }, 'session 62[1907]'],
      ['encryption on the share', { share: 'enc' }, { cipher: 'AES-128-GCM' }],
      ['encryption on the share, nobody', { share: 'enc', credentials: nobody }, 'tree 62[5]'],
      ['encryption demanded by us', { encrypt: true }, { cipher: 'AES-128-GCM' }],
    ],
  ],
  [
    'ntlm auth = disabled',
    { global: ['ntlm auth = disabled'] },
    [
      ['user', {}, 'session 62[1937]'],
      ['guest share, nobody', { share: 'guest', credentials: nobody }, { session: 'anonymous' }],
    ],
  ],
  [
    'restrict anonymous = 2, no guests',
    { global: ['restrict anonymous = 2', 'map to guest = never'] },
    [
      ['user', {}, { session: 'user' }],
      ['user share, nobody', { credentials: nobody }, 'tree 62[5]'],
      ['guest', { share: 'guest', credentials: guest }, 'session 62[1326]'],
    ],
  ],
  [
    'hosts deny = ALL',
    { global: ['hosts deny = ALL'] },
    [
      ['user', {}, 'negotiate 64[129]'],
      ['NetBIOS', { port: 139 }, 'netbios 64[129]'],
    ],
  ],
  [
    'max smbd processes = 1',
    { global: ['max smbd processes = 1'] },
    [['user', {}, 'negotiate 64[0]']],
  ],
  [
    'map to guest = bad password',
    { global: ['map to guest = bad password'] },
    [
      [
        'wrong password',
        { share: 'guest', credentials: as('labuser', 'wrong') },
        'session 62[1326]',
      ],
    ],
  ],
  [
    'server signing = mandatory',
    { global: ['server signing = mandatory'] },
    [
      ['user', { depth: 'write' }, { signing: 'AES-128-GMAC' }],
      ['guest share, nobody', { share: 'guest', credentials: nobody }, { signing: 'none' }],
    ],
  ],
  [
    'server signing = disabled',
    { global: ['server signing = disabled'] },
    [['user', { depth: 'write' }, { signing: 'AES-128-GMAC' }]],
  ],
  [
    'SMB 1 alone',
    { global: ['server min protocol = NT1', 'server max protocol = NT1'] },
    [
      ['user', {}, 'negotiate 65[50]'],
      ['NetBIOS', { port: 139 }, 'negotiate 65[50]'],
    ],
  ],
  [
    'encryption off',
    { global: ['smb encrypt = off'] },
    [
      ['user', {}, { cipher: 'none' }],
      ['encryption demanded by us', { encrypt: true }, 'negotiate 65[50]'],
    ],
  ],
]

t.test('every configuration of Samba gets the verdict it deserves', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba(configurations[0]?.[1])
  for (const [name, configuration, cases] of configurations) {
    if (configuration !== configurations[0]?.[1]) await samba.restart(configuration)
    for (const [what, target, expected] of cases) {
      expectOutcome(t, `${name}: ${what}`, await checkLab(server.address, target), expected)
    }
  }
})

t.test('a share that is full turns us away as it does others', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  await server.samba()
  const target = { share: 'max1', credentials: labuser }
  expectOutcome(t, 'max connections = 1: nobody else', await checkLab(server.address, target), {
    share: 'disk',
  })
  const other = server.spawn('smbclient', ['-U', 'labuser%Lab-Pass1', `//${server.address}/max1`])
  t.teardown(() => other[Symbol.asyncDispose]())
  await eventually('somebody else is connected', async () => {
    return (await server.exec('smbstatus', ['--shares'])).stdout.includes('max1')
  })
  const outcome = await checkLab(server.address, target)
  expectOutcome(t, 'max connections = 1: somebody else', outcome, 'tree 62[1450]')
})

t.test('nothing is left on a share that was written to', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  await server.samba()
  const list = async () => (await server.exec('ls', ['-A', '/srv/samba/user'])).stdout
  const before = await list()
  expectOutcome(t, 'write', await checkLab(server.address, { depth: 'write' }), { share: 'disk' })
  t.equal(await list(), before)
})
