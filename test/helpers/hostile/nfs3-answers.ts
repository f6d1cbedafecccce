import { type Arguments, Message } from './message.ts'
import type { World } from './nfs-world.ts'

const attributes = 'what it is like; a check wants it to be there, not to be like this or that'
const badHandle = 10_001

/** What a server of version 3 answers to a procedure, or nothing where it has no such procedure. */
export function nfs3Answer(procedure: number, args: Arguments, world: World): Message | undefined {
  switch (procedure) {
    case 0:
      return new Message()
    case 1:
      return withHandle(args, world, () => status(0).append(fattr()))
    case 3:
      return withHandle(args, world, () => lookup(args.text(), world))
    case 6:
      return withHandle(args, world, (handle) =>
        read(world.contentOf(handle), world.isSample(handle)),
      )
    case 7:
      return withHandle(args, world, () => {
        args.fixed(16)
        world.sample = Buffer.from(args.opaque())
        return status(0)
          .append(wcc())
          .word('count', world.sample.length)
          .word(
            'committed',
            2,
            (is) => (is > 2n ? 'bad' : 'good'),
            'Linux takes a weaker one as well',
          )
          .put('write verifier', Buffer.alloc(8, 1), 'good', 'nothing is left to be committed')
      })
    case 8:
      return withHandle(args, world, () => {
        world.sampleName = args.text()
        return status(0)
          .word('a handle follows', 1, 'bad')
          .opaque('handle', world.sampleHandle, 'bad')
          .append(postOp())
          .append(wcc())
      })
    case 12:
      return withHandle(args, world, () => status(world.remove(args.text())).append(wcc()))
    case 17:
      return withHandle(args, world, () => list())
    default:
      return undefined
  }
}

/** What mountd answers. */
export function mountAnswer(procedure: number, args: Arguments, world: World): Message | undefined {
  switch (procedure) {
    case 0:
      return new Message()
    case 1:
      if (args.text() !== world.directory) return status(2)
      return status(0)
        .opaque('handle', world.rootHandle, 'bad')
        .word('flavors', 1, (is) => (is === 0n ? 'either' : 'bad'), 'none, and something behind')
        .word('flavor', 1, 'good', 'whether it will do shows in the next call')
    case 3:
      return new Message()
    default:
      return undefined
  }
}

/** What a portmapper answers. */
export function portmapAnswer(
  procedure: number,
  args: Arguments,
  world: World,
): Message | undefined {
  if (procedure !== 3) return procedure === 0 ? new Message() : undefined
  const port = world.ports[args.word()] ?? 0
  return new Message().word('port', port, 'bad')
}

function withHandle(args: Arguments, world: World, then: (handle: Buffer) => Message): Message {
  const handle = args.opaque()
  return world.knows(handle) ? then(handle) : status(badHandle)
}

function status(value: number): Message {
  return new Message().word('status', value)
}

function fattr(): Message {
  return new Message()
    .word('type', 2, (is) => (is < 1n || is > 7n ? 'bad' : 'good'), attributes)
    .freeWords('attributes', 20, attributes, 1)
}

function postOp(): Message {
  return new Message()
    .word(
      'attributes follow',
      1,
      (is) => (is === 0n ? 'either' : 'bad'),
      'they need not; what is left over is passed over',
    )
    .append(fattr())
}

function wcc(): Message {
  return new Message()
    .word(
      'what it was like follows',
      1,
      (is) => (is === 0n ? 'either' : 'bad'),
      'it need not; what is left over is passed over',
    )
    .freeWords('what it was like', 6, attributes)
    .append(postOp())
}

function lookup(name: string, world: World): Message {
  const handle = world.find(name)
  if (handle === undefined) return status(2).word('no attributes', 0)
  return status(0).opaque('handle', handle, 'bad').append(postOp()).append(postOp())
}

function read(content: Buffer, isSample: boolean): Message {
  return status(0)
    .append(postOp())
    .word('count', content.length)
    .freeBool('end of file', true, 'there may be more of it')
    .opaque(
      'data',
      content,
      isSample ? 'bad' : 'good',
      'what is in the file is not known beforehand',
    )
}

function list(): Message {
  const entries = ['.', 'a.txt'].reduce(
    (message, name) =>
      message
        .listWord('entry follows', 1)
        .freeWords('file id', 2, attributes, 7)
        .listOpaque('name', Buffer.from(name))
        .freeWords('cookie', 2, 'nobody goes on from there')
        .append(postOp())
        .listWord('handle follows', 1)
        .listOpaque('handle', Buffer.from('of no use')),
    new Message(),
  )
  return status(0)
    .append(postOp())
    .freeWords('cookie verifier', 2, 'nobody goes on from there')
    .append(entries)
    .listWord('no more entries', 0)
    .freeBool('end of directory', true, 'there may be more of it')
}
