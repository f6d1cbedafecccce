/** RC4 over a few bytes; OpenSSL 3 no longer offers it, and NTLM's key exchange asks for it. */
export function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Buffer.allocUnsafe(256)
  for (let i = 0; i < 256; i++) state.writeUInt8(i, i)
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state.readUInt8(i) + key.readUInt8(i % key.length)) & 255
    swap(state, i, j)
  }
  const out = Buffer.allocUnsafe(data.length)
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255
    j = (j + state.readUInt8(i)) & 255
    swap(state, i, j)
    const at = (state.readUInt8(i) + state.readUInt8(j)) & 255
    out.writeUInt8(data.readUInt8(n) ^ state.readUInt8(at), n)
  }
  return out
}

function swap(state: Buffer, i: number, j: number): void {
  const kept = state.readUInt8(i)
  state.writeUInt8(state.readUInt8(j), i)
  state.writeUInt8(kept, j)
}
