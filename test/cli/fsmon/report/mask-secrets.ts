import t from 'tap'
import { maskSecrets } from '../../../../src/cli/fsmon/report/mask-secrets.ts'

const masked: [text: string, expected: string][] = [
  ['\tldap admin password = s3cret', '\tldap admin password = ***'],
  ['password=s3cret word', 'password=***'],
  ['\tclient ipc passphrase=s3cret', '\tclient ipc passphrase=***'],
  ['  Shared_Secret = "s3cret";', '  Shared_Secret = ***'],
  ['{"user":"a","password":"s3\\"cret","n":1}', '{"user":"a","password":"***","n":1}'],
  ['passdb backend = ldapsam:ldap://cn:s3cret@host', 'passdb backend = ldapsam:ldap://cn:***@host'],
  ['//a/b cifs user=a,pass=s3cret,uid=0', '//a/b cifs user=a,pass=***,uid=0'],
  [
    'FSAL { Name = RGW; User_Id = "u"; Secret_Access_Key = "s3a"; Other = "s3b"; }',
    'FSAL { Name = RGW; User_Id = "u"; Secret_Access_Key = ***',
  ],
  ['  Access_Key_Id = "AKIAs3";', '  Access_Key_Id = ***'],
  ['  Password = 12345;', '  Password = ***'],
  ['password = yes', 'password = ***'],
  [
    'url = "https://hooks.example.com/T0/s3cret?x=s3" # of the pager',
    'url = "https://hooks.example.com/***" # of the pager',
  ],
  [
    "webhook = [{ name = 'a', url = 'http://h:1/s3cret' }]",
    "webhook = [{ name = 'a', url = 'http://h:1/***' }]",
  ],
  ['command = ["/bin/sms", "--key", "s3cret"]', 'command = ["/bin/sms", ***]'],
  ['command = [\n  "/bin/sms",\n  "s3cret",\n] # s3', 'command = [\n  "/bin/sms", ***]'],
  ['secret-file = "/etc/clp-fsmon/s3"', 'secret-file = ***'],
  ['mount -o password2=s3cret x', 'mount -o password2=***'],
]

for (const [text, expected] of masked) {
  t.test(`masked: ${text}`, async (t) => {
    t.equal(maskSecrets(`before\n${text}\nafter\n`), `before\n${expected}\nafter\n`)
    t.notMatch(maskSecrets(text), 's3')
  })
}

t.test('what is no secret can be read', async (t) => {
  const texts = [
    'unix password sync = Yes',
    'old password allowed period = 60',
    'passdb backend = tdbsam',
    'guest ok = yes',
    '{"share":"pub"}',
    'The password of the share is not shown',
    'see https://example.org/a@b',
  ]
  for (const text of texts) t.equal(maskSecrets(text), text)
})
