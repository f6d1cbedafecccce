/** A command as it is run once so that what it needs is compiled. */
export type Lesson = {
  words: readonly [command: string, ...words: string[]]
  /** it runs until it has said this, and is then told to end; without, to its own end */
  until?: string
}

/** What a monitor of Samba is started for, against a server on a port of this host; they are done in this order. */
export function lessons(port: number): Lesson[] {
  const share = ['-s', 'share', '-a', '127.0.0.1', '--port', `${port}`]
  return [
    { words: ['clplcnsc', '--community'] },
    { words: ['clp_sambamon', '--check', ...share] },
    { words: ['clp_sambamon', 'lesson', ...share], until: ' 2 INFO ' },
  ]
}
