/** A file that goes into an archive. */
export type ArchiveFile = { name: string; content: Uint8Array }

const blockBytes = 512

/** Writes a tar archive (POSIX ustar) of small files that only their owner can read. */
export function encodeTar(files: readonly ArchiveFile[], time: Date): Buffer {
  const blocks = files.flatMap(({ name, content }) => [
    header(name, content.length, time),
    content,
    Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes),
  ])
  return Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)])
}

function header(name: string, size: number, time: Date): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`the name ${name} is too long`)
  const block = Buffer.alloc(blockBytes)
  block.write(name, 0)
  block.write(octal(0o600, 8), 100)
  block.write(octal(0, 8), 108)
  block.write(octal(0, 8), 116)
  block.write(octal(size, 12), 124)
  block.write(octal(Math.floor(time.getTime() / 1000), 12), 136)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  block.write('root', 265)
  block.write('root', 297)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`
}
