/** Bytes one after the other. */
export function bytes(...parts: (Buffer | number[])[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

/** 32-bit numbers, as XDR has them. */
export function u32(...values: number[]): Buffer {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  values.forEach((value, index) => view.setUint32(index * 4, value))
  return Buffer.from(view.buffer)
}

/** A 64-bit number, as XDR has it. */
export function u64(value: bigint): Buffer {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, value)
  return Buffer.from(view.buffer)
}

/** Bytes with their length in front and zeros behind, up to a multiple of four. */
export function opaque(value: string | Buffer): Buffer {
  const content = Buffer.from(value as string)
  return bytes(u32(content.length), content, Buffer.alloc((4 - (content.length % 4)) % 4))
}

/** A reply that carries results. */
export function accepted(xid: number, results: Buffer): Buffer {
  return bytes(u32(xid, 1, 0, 0, 0, 0), results)
}

/** A message as one last fragment. */
export function record(message: Buffer): Buffer {
  return bytes(u32(0x80000000 + message.length), message)
}

/** fattr3 of a directory: type 2, 4096 bytes, file 7. */
export const fattr3 = bytes(
  u32(2, 0o755, 2, 0, 0),
  u64(4096n),
  u64(4096n),
  u64(0n),
  u64(1n),
  u64(7n),
  u64(0n),
  u64(0n),
  u64(0n),
)

/** wcc_data with everything in it. */
export const wccData = bytes(u32(1), u64(0n), u64(0n), u64(0n), u32(1), fattr3)
