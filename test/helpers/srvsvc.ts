/** What this client and Samba 4.17 said to each other on the pipe srvsvc, byte by byte. */
const captured = {
  bind: `05000b03100000004800000001000000b810b810000000000100000000000100c84f324b7016d30112785a47bf6ee188
    03000000045d888aeb1cc9119fe808002b10486002000000`,
  bindAck: `05000c03100000004400000001000000b810b810d4e900000d005c706970655c73727673766300000100000000000000
    045d888aeb1cc9119fe808002b10486002000000`,
  request: `050000031000000064000000020000004c00000000000f00000002000d000000000000000d0000005c005c0031003000
    2e003200310033002e0031002e003200000000000100000001000000040002000000000000000000ffffffff08000200
    00000000`,
  response: `05000203100000005c02000002000000440200000000000001000000010000000c000200090000001000020009000000
    1400020000000000180002001c00020000000000200002002400020000000000280002002c0002000000000030000200
    3400020000000000380002003c00020000000000400002004400020001000000480002004c0002000000000050000200
    540002000300008058000200060000000000000006000000670075006500730074000000010000000000000001000000
    000000000500000000000000050000007500730065007200000000000100000000000000010000000000000004000000
    000000000400000065006e00630000000100000000000000010000000000000006000000000000000600000068006400
    65006e0079000000010000000000000001000000000000000500000000000000050000006d0061007800310000000000
    0100000000000000010000000000000005000000000000000500000067006f006e006500000000000100000000000000
    01000000000000000800000000000000080000007000720069006e007400650072000000010000000000000001000000
    00000000030000000000000003000000715109670000000006000000000000000600000047007200fc00df0065000000
    050000000000000005000000490050004300240000000000230000000000000023000000490050004300200053006500
    7200760069006300650020002800530061006d0062006100200034002e00310037002e00310032002d00440065006200
    690061006e00290000000000090000005c0002000000000000000000`,
} as const

const bytesOf = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

export const bind = bytesOf(captured.bind)
export const bindAck = bytesOf(captured.bindAck)
/** NetrShareEnum of `\\10.213.1.2`, call 2. */
export const request = bytesOf(captured.request)
/** The answer to it, in one fragment. */
export const response = bytesOf(captured.response)
/** What that fragment carries. */
export const output = response.subarray(24)

/** What the answer says, as tshark reads it. */
export const shares = [
  ...['guest', 'user', 'enc', 'hdeny', 'max1', 'gone'].map((name) => ({
    name,
    type: 0,
    comment: '',
  })),
  { name: 'printer', type: 1, comment: '' },
  { name: '共有', type: 0, comment: 'Grüße' },
  { name: 'IPC$', type: 0x8000_0003, comment: 'IPC Service (Samba 4.17.12-Debian)' },
]

/** A fragment: type, flags (1 first, 2 last), call, and what it has behind its header. */
export function fragment(type: number, flags: number, callId: number, body: Buffer): Buffer {
  const head = Buffer.from('05000000100000000000000000000000', 'hex')
  head.writeUInt8(type, 2)
  head.writeUInt8(flags, 3)
  head.writeUInt16LE(16 + body.length, 8)
  head.writeUInt32LE(callId, 12)
  return Buffer.concat([head, body])
}

/** An answer in so many fragments. */
export function fragments(callId: number, stub: Buffer, count: number): Buffer[] {
  const size = Math.ceil(stub.length / count)
  return Array.from({ length: count }, (_, at) => {
    const flags = (at === 0 ? 1 : 0) | (at === count - 1 ? 2 : 0)
    const part = stub.subarray(at * size, (at + 1) * size)
    return fragment(2, flags, callId, Buffer.concat([Buffer.alloc(8), part]))
  })
}

type Written = { name: string; type: number; comment: string }

/** The output of NetrShareEnum, written without the code under test. */
export function enumOutput(
  list: readonly Written[],
  { total = list.length, resume = 0, status = 0 } = {},
): Buffer {
  const u32 = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4)
    values.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4))
    return bytes
  }
  const text = (value: string) => {
    const chars = Buffer.from(`${value}\0`, 'utf16le')
    const count = chars.length / 2
    return Buffer.concat([u32(count, 0, count), chars, Buffer.alloc(chars.length % 4)])
  }
  return Buffer.concat([
    u32(1, 1, 0x20000, list.length, 0x20004, list.length),
    ...list.map(({ type }, at) => u32(0x20008 + at * 8, type, 0x2000c + at * 8)),
    ...list.flatMap(({ name, comment }) => [text(name), text(comment)]),
    u32(total, 0x30000, resume, status),
  ])
}
