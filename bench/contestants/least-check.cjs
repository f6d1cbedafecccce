'use strict'
// The least that a program of Node needs for a check of Samba: least-check ADDRESS [FILE]
//
// It knows nothing of SMB: it sends what a check for nobody in particular once sent, with the numbers of the session and
// of the tree that the server gives, waits for each answer, hashes something, and says so. With a FILE it goes on once
// a second, and writes that file every time: the least that could be called a monitor.
const { createHash } = require('node:crypto')
const { writeFileSync } = require('node:fs')
const { connect } = require('node:net')

const sent = [
  'AAAA6P5TTUJAAAEAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAkAAUAAwAAAEAAAABFi8UQVR8n+jKNhsyd1uhPcAAAAAQAAAACAhACAAMCAxEDAAABACYAAAAAAAEAIAABAPotq869vmbVTcss50z538zYoy/d8PNQ90tE0/W1GNeXAAACAAoAAAAAAAQAAgABAAQAAwAAAAAAAAAFABIAAAAAADEAMgA3AC4AMAAuADAALgAxAAAAAAAAAAgACAAAAAAAAwACAAEAAAA=',
  'AAAAov5TTUJAAAEAAAAAAAEAEAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAZAAADAAAAAAAAAABYAEoAAAAAAAAAAABgSAYGKwYBBQUCoD4wPKAOMAwGCisGAQQBgjcCAgqiKgQoTlRMTVNTUAABAAAAFYKI4gAAAAAAAAAAAAAAAAAAAAAGAQAAAAAADw==',
  'AAAAxf5TTUJAAAEAAAAAAAEAEAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAAAADeLw0eAAAAAAAAAAAAAAAAAAAAAAAAAAAZAAADAAAAAAAAAABYAG0AAAAAAAAAAAChazBpomcEZU5UTE1TU1AAAwAAAAEAAQBkAAAAAAAAAGUAAAAAAAAAWAAAAAAAAABYAAAADAAMAFgAAAAAAAAAZQAAABWKiKIGAQAAAAAADwAAAAAAAAAAAAAAAAAAAABDAEwASQBFAE4AVAAA',
  'AAAAav5TTUJAAAEAAAAAAAMAEAAAAAAAAAAAAAMAAAAAAAAAAAAAAAAAAADeLw0eAAAAAAAAAAAAAAAAAAAAAAAAAAAJAAAASAAiAFwAXAAxADIANwAuADAALgAwAC4AMQBcAGcAdQBlAHMAdAA=',
  'AAAARP5TTUJAAAEAAAAAAAQAEAAAAAAAAAAAAAQAAAAAAAAAAAAAAM3LHMveLw0eAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAA',
  'AAAARP5TTUJAAAEAAAAAAAIAEAAAAAAAAAAAAAUAAAAAAAAAAAAAAAAAAADeLw0eAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAA',
].map((text) => Buffer.from(text, 'base64'))
const [treeAt, sessionAt] = [40, 44]

const [, , host, file] = process.argv

function check() {
  const socket = connect({ host, port: 445, noDelay: true })
  let next = 0
  let [session, tree] = [Buffer.alloc(8), Buffer.alloc(4)]
  let rest = Buffer.alloc(0)
  const say = () => {
    const message = Buffer.from(sent[next])
    if (next > 1) session.copy(message, sessionAt)
    if (next === 4) tree.copy(message, treeAt)
    next += 1
    socket.write(message)
  }
  socket.on('connect', say)
  socket.on('error', () => process.exit(1))
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    if (rest.length < 4 || rest.length < 4 + rest.readUInt32BE()) return
    if (next === 2) session = rest.subarray(sessionAt, sessionAt + 8)
    if (next === 4) tree = rest.subarray(treeAt, treeAt + 4)
    const status = rest.readUInt32LE(12)
    // STATUS_MORE_PROCESSING_REQUIRED is what the first half of a login is answered with.
    if (status !== 0 && status !== 0xc0000016) process.exit(1)
    rest = Buffer.alloc(0)
    if (next < sent.length) return say()
    socket.destroy()
    const digest = createHash('sha256').update('done').digest('hex')
    if (file === undefined) process.stdout.write(`${digest}\n`)
    else writeFileSync(file, digest)
  })
}

check()
if (file !== undefined) setInterval(check, 1000)
