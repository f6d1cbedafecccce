import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AnsweringServer } from './answering-server.ts'
import { lessons, type Lesson } from './lessons.ts'

/** The longest that a lesson may take; one that takes longer leaves nothing, and monitors start slower. */
const longestLessonMs = 10_000

/**
 * Lets the program beside a file compile, for the Node that runs this, what its monitors run from their start to their
 * first success: each lesson is a process of that file with the lesson's words. They talk with a server of ours on the
 * loopback, in a directory of their own, and find no program that could tell anybody of it. Where one fails, as on a host
 * without a loopback, the others would as well. Resolves with how each ended.
 */
export async function precompile(
  file: string,
  lessonMs = longestLessonMs,
): Promise<(number | string)[]> {
  const directory = dirname(file)
  for (const name of readdirSync(directory)) {
    if (/\.cache(?:\.new)?$/.test(name)) rmSync(join(directory, name))
  }
  const server = await AnsweringServer.open()
  const root = mkdtempSync(join(tmpdir(), 'clp-fsmon-precompile-'))
  const ends: (number | string)[] = []
  try {
    for (const lesson of lessons(server.port)) {
      if (ends.some((end) => end !== 0)) break
      ends.push(await attend(file, lesson, root, lessonMs))
    }
  } finally {
    server.close()
    rmSync(root, { recursive: true, force: true })
  }
  return ends
}

async function attend(
  file: string,
  { words, until }: Lesson,
  root: string,
  lessonMs: number,
): Promise<number | string> {
  const child = spawn(process.execPath, [file, ...words], {
    env: { CLP_FSMON_ROOT: root, CLP_FSMON_PASSWORD: 'x', PATH: root, LANG: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), lessonMs)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (until !== undefined && said.includes(until)) child.kill('SIGTERM')
  })
  return new Promise((resolve) => {
    child.on('error', ({ message }) => {
      clearTimeout(timer)
      resolve(message)
    })
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      resolve(status ?? signal ?? '')
    })
  })
}
