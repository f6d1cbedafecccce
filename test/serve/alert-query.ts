import t from 'tap'
import { alertQuery, isOwnScope } from '../../src/serve/alert-query.ts'

const read = (text: string) => alertQuery(new URLSearchParams(text))

t.test('a query is read with its defaults', async (t) => {
  t.match(read(''), { limit: 100, ownOnly: false, cursor: undefined, filter: { level: undefined } })
  const full = read('level=warn&event=62&text=a&watch=w1&limit=7&cursor=x&host=n1')
  t.match(full, {
    filter: { level: 'warn', event: 62, text: 'a', watch: 'w1' },
    limit: 7,
    cursor: 'x',
    host: 'n1',
  })
  t.equal(read('text=').filter.text, undefined)
  t.equal(read('limit=1000').limit, 500)
  t.match(read('scope=own&after=&limit=1000'), { ownOnly: true, after: '', limit: 1000 })
  t.match(read('scope=own&before=p'), { before: 'p' })
})

t.test('what is wrong is refused and named, and never repeated', async (t) => {
  const wrong: [string, RegExp][] = [
    ['secret=x', /unknown/],
    ['level=secret', /level/],
    ['event=secret', /event/],
    ['event=12345', /event/],
    ['watch=secret-x', /watch/],
    ['limit=0', /limit/],
    ['limit=-1', /limit/],
    ['limit=1001', /limit/],
    ['limit=secret', /limit/],
    [`text=${'x'.repeat(201)}`, /text/],
    ['level=error&level=warn', /level/],
    ['scope=secret', /scope/],
    ['before=x', /scope=own/],
    ['after=x', /scope=own/],
  ]
  for (const [query, message] of wrong) {
    t.throws(() => read(query), { status: 400, code: 'bad-request', message }, query)
    t.notMatch(message.source, 'secret')
  }
})

t.test('a peer asks for what is our own', async (t) => {
  t.ok(isOwnScope(new URLSearchParams('scope=own')))
  t.notOk(isOwnScope(new URLSearchParams('')))
})
