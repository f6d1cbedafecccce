import t from 'tap'
import { commands, compose, moduleOf, type Command } from '../../src/alert/catalogue.ts'

/** The manual's table, word for word: ID, level, clp_sambamon, clp_nfsmon. */
const manual: [number, 'info' | 'warn' | 'error', string | undefined, string | undefined][] = [
  [
    1,
    'info',
    'The clp_sambamon has started watching Samba.',
    'The clp_nfsmon has started watching NFS.',
  ],
  [
    2,
    'info',
    'The clp_sambamon is going to watch share resource [xxx].',
    "The clp_nfsmon is going to watch shared directory 'xxx'.",
  ],
  [
    3,
    'info',
    'The clp_sambamon will stop watching Samba [xxx].',
    "The clp_nfsmon will stop watching NFS shared directory 'xxx'.",
  ],
  [6, 'error', 'The clp_sambamon will terminate.', 'The clp_nfsmon will terminate.'],
  [
    7,
    'info',
    'The clp_sambamon is going to stop monitoring.',
    'The clp_nfsmon is going to stop monitoring.',
  ],
  [8, 'info', 'The clp_sambamon is going to monitor.', 'The clp_nfsmon is going to monitor.'],
  [11, 'error', 'Invalid parameter in the clp_sambamon.', 'Invalid parameter in the clp_nfsmon.'],
  [
    12,
    'error',
    "'-s' parameter is not specified at the clp_sambamon command.",
    "'-d' parameter is not specified at the clp_nfsmon command.",
  ],
  [
    13,
    'error',
    'The monitor id is not specified at the clp_sambamon command.',
    'The monitor id is not specified at the clp_nfsmon command.',
  ],
  [
    14,
    'error',
    'The specified monitor id is already under use in other processes.',
    'The specified monitor id is already under use in other processes.',
  ],
  [
    15,
    'error',
    'The clp_sambamon has not performed end processing.',
    'The clp_nfsmon has not performed end processing.',
  ],
  [
    42,
    'error',
    'The clp_sambamon has detected system error (open 28).',
    'The clp_nfsmon has detected system error (open 28).',
  ],
  [
    51,
    'error',
    'The license of clp_sambamon is not registered.',
    'The license of clp_nfsmon is not registered.',
  ],
  [
    52,
    'info',
    'Trial Period of clp_sambamon is till open.',
    'Trial Period of clp_nfsmon is till open.',
  ],
  [53, 'error', 'The license of trial expired by open.', 'The license of trial expired by open.'],
  [
    54,
    'error',
    'Failed to check license of the clp_sambamon.',
    'Failed to check license of the clp_nfsmon.',
  ],
  [
    55,
    'error',
    'The license of trial is valid from open.',
    'The license of trial is valid from open.',
  ],
  [56, 'error', 'The registration license overlaps.', 'The registration license overlaps.'],
  [
    61,
    'error',
    'The clp_sambamon could not get environment of server(error[28]). The clp_sambamon will terminate.',
    'The clp_nfsmon could not get environment of server(error[28]). The clp_nfsmon will terminate.',
  ],
  [
    62,
    'error',
    'The clp_sambamon has detected an error in Samba [xxx] (tree connect error[28]).',
    undefined,
  ],
  [
    63,
    'error',
    'The clp_sambamon has detected an error in Samba [xxx] (share type error).',
    undefined,
  ],
  [
    64,
    'error',
    'The clp_sambamon has detected an error in Samba [xxx] (connect error[28]).',
    undefined,
  ],
  [
    65,
    'error',
    'The clp_sambamon has detected an error in Samba [xxx] (negotiate error[28]).',
    undefined,
  ],
  [66, 'error', undefined, 'The clp_nfsmon has detected an error in NFS.'],
  [71, 'error', 'The clp_sambamon has detected network error(socket error[28]).', undefined],
  [72, 'error', 'The clp_sambamon has detected network error(connect error[28]).', undefined],
  [73, 'error', 'The clp_sambamon has detected network error(send error[28]).', undefined],
  [74, 'error', 'The clp_sambamon has detected network error(select error[28]).', undefined],
  [75, 'error', 'The clp_sambamon has detected network error(recv error[28]).', undefined],
  [0, 'error', undefined, 'clp_nfsmon: open'],
]

/** What the manual does not have: warnings, word for word. */
const beyond: typeof manual = [
  [
    101,
    'warn',
    'The clp_sambamon has detected a delay in Samba [xxx] (28 ms, slowest in open).',
    "The clp_nfsmon has detected a delay in NFS shared directory 'xxx' (28 ms, slowest in open).",
  ],
  [
    102,
    'info',
    'The delay that the clp_sambamon has detected in Samba [xxx] is over (28 ms).',
    "The delay that the clp_nfsmon has detected in NFS shared directory 'xxx' is over (28 ms).",
  ],
  [
    103,
    'warn',
    'The clp_sambamon expects Samba [xxx] to reach a limit (open, in 28 seconds).',
    "The clp_nfsmon expects NFS shared directory 'xxx' to reach a limit (open, in 28 seconds).",
  ],
  [
    104,
    'info',
    'The clp_sambamon no longer expects Samba [xxx] to reach a limit (open).',
    "The clp_nfsmon no longer expects NFS shared directory 'xxx' to reach a limit (open).",
  ],
  [
    107,
    'warn',
    'The pause of the clp_sambamon will end in 28 seconds.',
    'The pause of the clp_nfsmon will end in 28 seconds.',
  ],
  [
    108,
    'warn',
    'The clp_sambamon has refused to pause (open).',
    'The clp_nfsmon has refused to pause (open).',
  ],
  [
    109,
    'warn',
    'The clp_sambamon could not log in to Samba [xxx] (error[28]), which is alive.',
    undefined,
  ],
  [
    110,
    'warn',
    'The clp_sambamon got no answer in time from Samba [xxx], which is at work (28 bytes).',
    "The clp_nfsmon got no answer in time from NFS shared directory 'xxx', which is at work (28 bytes).",
  ],
]

for (const [id, level, samba, nfs] of [...manual, ...beyond]) {
  t.test(`message ${id} says what it has to say`, (t) => {
    const texts: Record<Command, string | undefined> = { clp_sambamon: samba, clp_nfsmon: nfs }
    for (const command of commands) {
      const message = texts[command]
      if (message === undefined) continue
      t.same(compose(command, 'xxx', { id, nn: 28, text: 'open' }), { id, level, message })
    }
    t.end()
  })
}

t.test('a number that nobody knows is 0', (t) => {
  t.equal(
    compose('clp_sambamon', 'pub', { id: 75 }).message,
    'The clp_sambamon has detected network error(recv error[0]).',
  )
  t.end()
})

t.test('what a command has no alert for is a system error', (t) => {
  t.same(compose('clp_nfsmon', '/e', { id: 71, nn: 24 }), {
    id: 42,
    level: 'error',
    message: 'The clp_nfsmon has detected system error (socket 24).',
  })
  t.equal(
    compose('clp_sambamon', 'pub', { id: 99 }).message,
    'The clp_sambamon has detected system error (alert 99 0).',
  )
  t.end()
})

t.test('the module is the command without its prefix', (t) => {
  t.same(commands.map(moduleOf), ['sambamon', 'nfsmon'])
  t.end()
})
