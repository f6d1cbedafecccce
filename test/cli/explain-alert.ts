import t from 'tap'
import { compose } from '../../src/alert/catalogue.ts'
import { explainAlert, loadExplanations } from '../../src/cli/explain-alert.ts'

t.test('every alert that a command can give is explained in both languages', async (t) => {
  for (const language of ['en', 'ja'] as const) {
    for (const [id, texts] of Object.entries(await loadExplanations(language))) {
      for (const command of ['clp_sambamon', 'clp_nfsmon'] as const) {
        if (!texts.some(({ commands }) => commands.includes(command))) continue
        const announcement = { id: Number(id), nn: 110, text: '11/21/2026' }
        const { message } = compose(command, '/x (y) [z] $', announcement)
        const explanation = await explainAlert(command, Number(id), message, language)
        t.ok(explanation?.cause, `${language} ${command} ${id}: ${message}`)
        t.ok(explanation?.action)
      }
    }
  }
})

t.test('of the texts of one event, that which fits is explained', async (t) => {
  const portmapper = await explainAlert(
    'clp_nfsmon',
    0,
    'clp_nfsmon: RPC: Port mapper failure - RPC: Unable to receive',
    'en',
  )
  const mount = await explainAlert(
    'clp_nfsmon',
    0,
    'clp_nfsmon: mount error(Permission denied)',
    'en',
  )
  t.match(portmapper?.cause, /portmapper/)
  t.match(mount?.cause, /mount/)
  t.not(portmapper?.cause, mount?.cause)
})

t.test('what is no alert has no explanation', async (t) => {
  t.equal(await explainAlert('clp_nfsmon', 999, 'any', 'en'), undefined)
})
