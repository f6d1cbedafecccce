import { MalformedError } from '../wire/malformed-error.ts'
import { access, createOptions, disposition, shareWithAll } from './commands/create.ts'
import { decodePipeTransceive, encodePipeTransceive } from './commands/pipe-transceive.ts'
import { decodeRead, encodeRead } from './commands/read.ts'
import type { SmbConnection } from './connection.ts'
import { closeFile, type OpenFile, openFile } from './files.ts'
import { command } from './header.ts'
import { ntStatus } from './nt-status.ts'

/** Room for a fragment of what services send, and less than the least that a server can be set to allow. */
const mostBytes = 8 * 1024

/** There is more of the message than there was room for; it is to be read. */
const whatComes: readonly number[] = [ntStatus.success, ntStatus.bufferOverflow]

/** A pipe of a server that is open: behind it is one of its services. */
export class SmbPipe {
  readonly #connection: SmbConnection
  readonly #file: OpenFile

  private constructor(connection: SmbConnection, file: OpenFile) {
    this.#connection = connection
    this.#file = file
  }

  /** Opens a pipe by its name, on a tree that has pipes. */
  static async open(connection: SmbConnection, treeId: number, name: string): Promise<SmbPipe> {
    const file = await openFile(connection, treeId, {
      name,
      access: access.readData | access.writeData | access.readAttributes,
      attributes: 0,
      shareAccess: shareWithAll,
      disposition: disposition.open,
      options: createOptions.nonDirectory,
    })
    return new SmbPipe(connection, file)
  }

  /** Writes a message and waits for the answer, or its beginning. */
  async transact(message: Buffer): Promise<Buffer> {
    const { treeId, fileId } = this.#file
    const { body } = await this.#connection.ask({
      command: command.ioctl,
      body: encodePipeTransceive(fileId, message, mostBytes),
      treeId,
      expected: whatComes,
    })
    return noMore(decodePipeTransceive(body))
  }

  /** Waits for more of an answer. */
  async read(): Promise<Buffer> {
    const { treeId, fileId } = this.#file
    const { body } = await this.#connection.ask({
      command: command.read,
      body: encodeRead(fileId, mostBytes),
      treeId,
      expected: whatComes,
    })
    return noMore(decodeRead(body))
  }

  /** Closes the pipe. */
  async close(): Promise<void> {
    await closeFile(this.#connection, this.#file)
  }
}

function noMore(bytes: Buffer): Buffer {
  if (bytes.length > mostBytes) {
    throw new MalformedError(`${bytes.length} bytes read, of ${mostBytes}`)
  }
  return bytes
}
