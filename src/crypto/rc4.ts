/** RC4 over a few bytes; OpenSSL 3 no longer offers it, and NTLM's key exchange asks for it. */
export function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  // Every index is within its bytes; Buffer's methods, which look at that, would take most of the time.
  const state = ordered.slice()
  for (let i = 0, j = 0; i < 256; i++) {
    const kept = state[i] ?? 0
    j = (j + kept + (key[i % key.length] ?? 0)) & 255
    state[i] = state[j] ?? 0
    state[j] = kept
  }
  const out = Buffer.allocUnsafe(data.length)
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255
    const kept = state[i] ?? 0
    j = (j + kept) & 255
    const other = state[j] ?? 0
    state[i] = other
    state[j] = kept
    out[n] = (data[n] ?? 0) ^ (state[(kept + other) & 255] ?? 0)
  }
  return out
}

const ordered = Uint8Array.from({ length: 256 }, (_, i) => i)
