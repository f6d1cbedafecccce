import t from 'tap'
import { commands, compose } from '../../src/alert/catalogue.ts'
import { explain, languages, readMessages } from '../../src/alert/messages.ts'

const directory = new URL('../../messages/', import.meta.url)
const en = await readMessages(directory, 'en')
const ja = await readMessages(directory, 'ja')

/** Every ID of the manual, and ours from 101 on. */
const ids = [
  0, 1, 2, 3, 6, 7, 8, 11, 12, 13, 14, 15, 42, 51, 52, 53, 54, 55, 56, 61, 62, 63, 64, 65, 66, 71,
  72, 73, 74, 75, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 120, 121, 122, 130, 131,
]

t.test('every ID is explained, and no other', (t) => {
  t.same(
    Object.keys(en)
      .map(Number)
      .toSorted((a, b) => a - b),
    ids,
  )
  t.end()
})

t.test('both languages explain the same alerts, whose texts stay English', (t) => {
  const fixed = (messages: typeof en) =>
    Object.entries(messages).map(([id, list]) => [
      id,
      list.map(({ commands, level, text }) => ({ commands, level, text })),
    ])
  t.same(fixed(ja), fixed(en))
  t.end()
})

t.test('the texts and levels are those that are given', (t) => {
  for (const [id, list] of Object.entries(en)) {
    for (const { commands: those, level, text } of list) {
      for (const command of those) {
        const said = compose(command, 'xxx', {
          id: Number(id),
          nn: 777,
          text:
            id === '42' || Number(id) > 100
              ? 'xxx'
              : id === '0'
                ? text.slice(12)
                : 'nn/nn/nn (mm/dd/yyyy)',
        })
        t.equal(said.message.replace('777', 'nn'), text)
        t.equal(said.level, level)
        t.equal(said.id, Number(id))
      }
    }
  }
  t.end()
})

t.test('no command is left out where it has the alert', (t) => {
  for (const id of ids.filter((known) => known !== 0)) {
    for (const command of commands) {
      const isKnown = compose(command, '', { id }).id === id
      t.equal(
        en[id]?.some(({ commands }) => commands.includes(command)),
        isKnown,
        `${command} ${id}`,
      )
    }
  }
  t.end()
})

t.test('causes and actions are sentences of their language', (t) => {
  const japanese = /[ぁ-んァ-ヶ一-龠]/u
  for (const list of Object.values(en)) {
    for (const { cause, action } of list) {
      for (const text of [cause, action]) {
        t.match(text, /[.?]$/)
        t.notMatch(text, japanese)
      }
    }
  }
  for (const list of Object.values(ja)) {
    for (const { cause, action } of list) {
      for (const text of [cause, action]) {
        t.match(text, /。$/)
        t.match(text, japanese)
      }
    }
  }
  t.end()
})

t.test('an ID is explained for both commands, or for the text that was given', (t) => {
  t.equal(explain(en, 62).length, 1)
  t.equal(explain(en, 1).length, 2)
  t.equal(explain(en, 1, 'The clp_nfsmon has started watching NFS.').length, 1)
  const text = 'clp_nfsmon: mount error(Permission denied)'
  t.match(explain(en, 0, text)[0]?.text, 'mount error')
  t.match(explain(en, 0, 'clp_nfsmon: something new')[0]?.text, 'clp_nfsmon: xxxxxxxx')
  t.match(
    explain(
      en,
      101,
      "The clp_nfsmon has detected a delay in NFS shared directory '/e' (900 ms, slowest in null).",
    ),
    [{ commands: ['clp_nfsmon'] }],
  )
  t.equal(explain(en, 53, 'The license of trial expired by 05/31/2026.').length, 1)
  t.match(explain(en, 42, 'The clp_nfsmon has detected system error (open 28).'), [
    { commands: ['clp_nfsmon'] },
  ])
  t.same(explain(en, 99), [])
  t.end()
})

t.test('what has not the form of messages is refused', async (t) => {
  const dir = t.testdir({
    a: { 'en.json': '{"1": [{"text": 1}]}', 'ja.json': 'null' },
    b: { 'en.json': '{"1": "x"}', 'ja.json': '{"1": [null]}' },
    c: { 'en.json': '{', 'ja.json': '{}' },
  })
  for (const name of ['a', 'b', 'c']) {
    await t.rejects(readMessages(new URL(`file://${dir}/${name}/`), 'en'))
    if (name !== 'c') await t.rejects(readMessages(new URL(`file://${dir}/${name}/`), 'ja'))
  }
  t.same(await readMessages(new URL(`file://${dir}/c/`), 'ja'), {})
  t.same(languages, ['en', 'ja'])
})
