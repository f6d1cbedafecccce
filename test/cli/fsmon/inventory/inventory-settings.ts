import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  type InventoryOptions,
  inventorySettings,
} from '../../../../src/cli/fsmon/inventory/inventory-settings.ts'
import { ParameterError } from '../../../../src/cli/parameter-error.ts'

const io = { env: {}, uid: process.getuid?.() ?? 0 }
const settings = (options: InventoryOptions, defaults = {}, env = {}) =>
  inventorySettings(options, defaults, { ...io, env })
const byDefault = (value: string | number | boolean) => ({ value, key: 'x', line: 1 })

t.test('without a word both kinds are asked, of nobody in particular', async (t) => {
  t.strictSame(settings({}), {
    address: undefined,
    protocols: ['smb', 'nfs3', 'nfs4'],
    demanded: [],
    all: false,
    form: 'text',
    intervalS: 300,
    waitS: 30,
    login: undefined,
    credentialsFile: undefined,
    encrypt: false,
    port: undefined,
    nfsPort: undefined,
    mountPort: undefined,
    pauseLimits: { extensions: 3 },
  })
})

t.test('what is named is asked, and has to be there', async (t) => {
  t.match(settings({ smb: true }), { protocols: ['smb'], demanded: ['smb'] })
  t.match(settings({ nfs: true, nfsVersion: '3' }), { protocols: ['nfs3'], demanded: ['nfs'] })
  t.match(settings({ nfsVersion: '4' }), { protocols: ['smb', 'nfs4'], demanded: [] })
  t.match(settings({ smb: true, nfs: true, nfsVersion: 'auto' }).protocols.length, 3)
  t.equal(settings({ json: true }).form, 'json')
  t.equal(settings({ toml: true }).form, 'toml')
})

t.test('numbers are numbers within their bounds', async (t) => {
  const given = {
    watch: true,
    interval: '5',
    wait: '7',
    port: '1445',
    nfsPort: '2',
    mountPort: '3',
  } as const
  t.match(settings(given), { intervalS: 5, waitS: 7, port: 1445, nfsPort: 2, mountPort: 3 })
  const wrong: InventoryOptions[] = [
    { watch: true, interval: '0' },
    { watch: true, interval: '86401' },
    { wait: 'x' },
    { port: '65536' },
    { nfsVersion: '2' },
    { address: '' },
    { interval: '5' },
    { watch: true, json: true },
    { watch: true, toml: true },
    { json: true, toml: true },
    { password: 'x' },
    { user: 'u', credentials: 'f' },
  ]
  for (const options of wrong) {
    t.throws(() => settings(options), ParameterError, JSON.stringify(options))
  }
})

t.test(
  'who logs in comes from a file, an option, the environment, or the configuration',
  async (t) => {
    const file = join(t.testdir(), 'cred')
    writeFileSync(file, 'username = a\npassword = b\n', { mode: 0o600 })
    const login = { user: 'a', password: 'b' }
    t.match(settings({ credentials: file }), { login, credentialsFile: file })
    t.match(settings({ user: 'D\\a', password: 'b' }), { login: { ...login, domain: 'D' } })
    t.match(settings({}, {}, { CLP_FSMON_USER: 'a', CLP_FSMON_PASSWORD: 'b' }), { login })
    const defaults = {
      credentials: byDefault(file),
      encrypt: byDefault(true),
      port: byDefault(1445),
    }
    t.match(settings({}, { ...defaults, address: byDefault('never') }), {
      login,
      credentialsFile: file,
      encrypt: true,
      port: 1445,
      address: undefined,
    })
    t.match(settings({ user: 'c' }, defaults), { login: { user: 'c' }, credentialsFile: undefined })
    t.equal(settings({ nfs: true, credentials: file }).login, undefined, 'NFS needs none')
  },
)
