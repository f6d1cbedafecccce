/** RC4 over a few bytes; OpenSSL 3 no longer offers it, and NTLM's key exchange asks for it. */
export function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = new Uint8Array(256)
  for (let i = 0; i < 256; i++) state[i] = i
  for (let i = 0, j = 0; i < 256; i++) {
    const at = state[i] ?? 0
    j = (j + at + (key[i % key.length] ?? 0)) & 255
    state[i] = state[j] ?? 0
    state[j] = at
  }
  const out = Buffer.allocUnsafe(data.length)
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255
    const at = state[i] ?? 0
    j = (j + at) & 255
    const other = state[j] ?? 0
    state[i] = other
    state[j] = at
    out[n] = (data[n] ?? 0) ^ (state[(at + other) & 255] ?? 0)
  }
  return out
}
