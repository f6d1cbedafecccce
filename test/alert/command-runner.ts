import { existsSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { CommandFailedError, CommandRunner } from '../../src/alert/command-runner.ts'
import { isRunning, identityOf } from '../../src/registry/process-identity.ts'
import { eventually } from '../helpers/eventually.ts'

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

async function script(dir: string, text: string): Promise<string> {
  const file = join(dir, 'program')
  await writeFile(file, `#!/bin/sh\n${text}\n`)
  await chmod(file, 0o755)
  return file
}

t.test('a program gets its arguments as they are, and no environment but its own', async (t) => {
  const dir = t.testdir()
  const file = await script(dir, `printf '%s|' "$@" >${dir}/args; env >${dir}/env`)
  process.env['NOBODYS_BUSINESS'] = 'nobody-s-secret'
  t.teardown(() => delete process.env['NOBODYS_BUSINESS'])
  await new CommandRunner({ file, env, timeoutMs: 30_000 }).run(['-m', 'a b $HOME "c"', '-x'])
  t.equal(readFileSync(`${dir}/args`, 'utf8'), '-m|a b $HOME "c"|-x|')
  t.notMatch(readFileSync(`${dir}/env`, 'utf8'), 'nobody-s-secret')
})

t.test('a program that fails, or is ended by another, is told', async (t) => {
  const dir = t.testdir()
  const failing = new CommandRunner({ file: await script(dir, 'exit 7'), env, timeoutMs: 30_000 })
  await t.rejects(failing.run([]), { name: 'CommandFailedError', message: /ended with 7/ })
  const killed = new CommandRunner({
    file: await script(dir, 'kill -9 $$'),
    env,
    timeoutMs: 30_000,
  })
  await t.rejects(killed.run([]), { message: /ended with SIGKILL/ })
})

t.test('a program that is not there is told, each time', async (t) => {
  const runner = new CommandRunner({ file: 'clplogcmd-that-is-not-there', env, timeoutMs: 30_000 })
  await t.rejects(runner.run([]), { code: 'ENOENT' })
  await t.rejects(runner.run([]), { code: 'ENOENT' })
})

t.test(
  'a program that hangs is ended with all that it started, and the next one runs',
  async (t) => {
    const dir = t.testdir()
    const file = await script(
      dir,
      `[ "$1" = well ] && exit 0\nsleep 1000 &\necho $! >${dir}/tmp; mv ${dir}/tmp ${dir}/pid\nwait`,
    )
    const runner = new CommandRunner({ file, env, timeoutMs: 1000 })
    await t.rejects(runner.run([]), { message: /did not end within 1000 ms/ })
    const child = identityOf(Number(readFileSync(`${dir}/pid`, 'utf8')))
    await eventually('its child has ended', () => child === undefined || !isRunning(child))
    await t.resolves(runner.run(['well']))
  },
)

t.test('a program that floods its outputs is no matter', async (t) => {
  const dir = t.testdir()
  const file = await script(dir, 'head -c 5000000 /dev/zero; head -c 5000000 /dev/zero >&2')
  await t.resolves(new CommandRunner({ file, env, timeoutMs: 30_000 }).run([]))
})

t.test('no second run begins while one cannot be ended', async (t) => {
  const dir = t.testdir()
  const file = await script(dir, `echo >>${dir}/runs; exec sleep 1000`)
  const runner = new CommandRunner({ file, env, timeoutMs: 300 })
  const kill = process.kill.bind(process)
  // Stands for a program in an uninterruptible sleep: the signal that ends it has no effect.
  const killed: number[] = []
  process.kill = (pid) => {
    killed.push(pid)
    return true
  }
  t.teardown(() => {
    process.kill = kill
  })
  await t.rejects(runner.run([]), { message: /cannot be ended/ })
  await t.rejects(runner.run([]), new CommandFailedError(`${file} still cannot be ended`))
  t.equal(readFileSync(`${dir}/runs`, 'utf8'), '\n')
  process.kill = kill
  const [group = 0] = killed
  process.kill(group, 'SIGKILL')
  await eventually('it runs again', async () => {
    try {
      await runner.run([])
      return true
    } catch (error) {
      return !String(error).includes('still')
    }
  })
  t.ok(existsSync(`${dir}/runs`))
})

t.test('a program that ends just as it is to be ended is taken for late', async (t) => {
  const dir = t.testdir()
  const file = await script(dir, `exec sleep 1000`)
  const runner = new CommandRunner({ file, env, timeoutMs: 300 })
  const kill = process.kill.bind(process)
  process.kill = (pid, signal) => {
    kill(pid, signal)
    throw new Error('ESRCH')
  }
  t.teardown(() => {
    process.kill = kill
  })
  await t.rejects(runner.run([]), { message: /did not end within 300 ms/ })
})

t.test('one run may get variables of its own, and a text to read', async (t) => {
  const dir = t.testdir()
  const file = await script(dir, `cat >${dir}/in; printf %s "$ONE" >${dir}/one`)
  const runner = new CommandRunner({ file, env, timeoutMs: 30_000 })
  await runner.run([], { env: { ONE: 'a b' }, input: 'two\nlines' })
  t.equal(readFileSync(`${dir}/in`, 'utf8'), 'two\nlines')
  t.equal(readFileSync(`${dir}/one`, 'utf8'), 'a b')
})
