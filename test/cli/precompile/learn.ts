import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import t from 'tap'
import { learn } from '../../../src/cli/precompile/learn.ts'

/** A program whose start tells of two files, and of how it was started. */
const start = `exports.start = (command, directory, require, onScript) => {
  const { Script } = require('node:vm')
  for (const name of ['x.parts.cjs', 'y.parts.cjs']) {
    const source = require('node:fs').readFileSync(directory + '/' + name, 'latin1')
    onScript(directory + '/' + name, source, new Script(source, { filename: directory + '/' + name }))
  }
  require('node:fs').writeFileSync(directory + '/told', JSON.stringify([command, ...process.argv.slice(1)]))
}\n`

t.test(
  'a lesson is the command itself, and what was compiled by its end is kept of some files',
  (t) => {
    const before = process.argv
    t.teardown(() => {
      process.argv = before
    })
    const source = '({})\n'
    const dir = t.testdir({
      dist: { 'start.cjs': start, 'x.parts.cjs': source, 'y.parts.cjs': source },
    })
    const dist = join(dir, 'dist')
    const cache = join(dist, 'x.parts.cache')
    const events = new EventEmitter()
    learn(dist, new Set(['x.parts.cjs']), ['clp_sambamon', '--check', '-s', 'a'], events)
    const told: unknown = JSON.parse(readFileSync(join(dist, 'told'), 'utf8'))
    t.strictSame(told, ['clp_sambamon', join(dir, 'bin/clp_sambamon'), '--check', '-s', 'a'])
    t.notOk(existsSync(cache), 'not before the end')
    events.emit('SIGTERM')
    const cachedData = readFileSync(cache).subarray(32)
    t.equal(new Script(source, { cachedData }).cachedDataRejected, false)
    t.notOk(existsSync(join(dist, 'y.parts.cache')))
    rmSync(cache)
    events.emit('exit')
    t.notOk(existsSync(cache), 'nothing of what it does after it was told to end')

    learn(dist, new Set(['x.parts.cjs']), ['clp_sambamon', '-V'], events)
    events.emit('exit')
    t.ok(existsSync(cache), 'at its own end, where nobody tells it')
    t.end()
  },
)
