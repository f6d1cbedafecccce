import t from 'tap'
import { Credentials } from '../../src/smb/auth/credentials.ts'
import { Host, skipOutsideLab } from '../helpers/lab.ts'
import { checkLab, expectOutcome, type Expected } from '../helpers/smb-lab.ts'

t.setTimeout(600_000)
const options = { skip: skipOutsideLab() }
const nobody = Credentials.anonymous()

t.test('every dialect is spoken, signed and sealed as it can be', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba()
  const dialects: [name: string, spoken: Expected, sealed: Expected | undefined][] = [
    ['SMB2_02', { dialect: '2.0.2', signing: 'HMAC-SHA256' }, undefined],
    ['SMB2_10', { dialect: '2.1', signing: 'HMAC-SHA256' }, undefined],
    ['SMB3_00', { dialect: '3.0', signing: 'AES-128-CMAC' }, { cipher: 'AES-128-CCM' }],
    ['SMB3_02', { dialect: '3.0.2', signing: 'AES-128-CMAC' }, { cipher: 'AES-128-CCM' }],
    ['SMB3_11', { dialect: '3.1.1', signing: 'AES-128-GMAC' }, { cipher: 'AES-128-GCM' }],
  ]
  for (const [name, spoken, sealed] of dialects) {
    const global = [`server min protocol = ${name}`, `server max protocol = ${name}`]
    await samba.restart({ global })
    const check = (target: Parameters<typeof checkLab>[1]) => checkLab(server.address, target)
    expectOutcome(t, `${name}: user, write`, await check({ depth: 'write' }), spoken)
    expectOutcome(t, `${name}: nobody`, await check({ share: 'guest', credentials: nobody }), {
      signing: 'none',
    })
    const share = await check({ share: 'enc', depth: 'write' })
    expectOutcome(t, `${name}: share that demands encryption`, share, sealed ?? 'tree 62[5]')
    const ours = await check({ encrypt: true, depth: 'write' })
    expectOutcome(t, `${name}: encryption demanded by us`, ours, sealed ?? 'negotiate 65[50]')
    if (sealed === undefined) continue
    await samba.restart({ global: [...global, 'smb encrypt = required'] })
    expectOutcome(t, `${name}: smb encrypt = required`, await check({ depth: 'write' }), sealed)
  }
})

t.test('a server that demands encryption takes nobody who cannot', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  await server.samba({ global: ['smb encrypt = required'] })
  const outcome = await checkLab(server.address, { share: 'guest', credentials: nobody })
  expectOutcome(t, 'smb encrypt = required: nobody', outcome, 'session 62[5]')
})

t.test('every signing algorithm is signed with', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba()
  for (const signing of ['HMAC-SHA256', 'AES-128-CMAC', 'AES-128-GMAC']) {
    await samba.restart({
      global: [`server smb3 signing algorithms = ${signing}`, 'server signing = mandatory'],
    })
    const outcome = await checkLab(server.address, { depth: 'write' })
    expectOutcome(t, `server smb3 signing algorithms = ${signing}`, outcome, { signing })
  }
})

t.test('every cipher is sealed with, for the share and for the session', options, async (t) => {
  const server = await Host.create({ name: 'samba' })
  t.teardown(() => server.down())
  const samba = await server.samba()
  for (const cipher of ['AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM']) {
    const pinned = `server smb3 encryption algorithms = ${cipher}`
    await samba.restart({ global: [pinned] })
    const share = await checkLab(server.address, { share: 'enc', depth: 'write' })
    expectOutcome(t, `${cipher} for the share`, share, { cipher })
    await samba.restart({ global: [pinned, 'smb encrypt = required'] })
    const session = await checkLab(server.address, { depth: 'write' })
    expectOutcome(t, `${cipher} for the session`, session, { cipher })
  }
})
