/** The port in a universal address (RFC 5665 5.2.3): the host, then the port's two bytes, all between dots. */
export function universalAddressPort(address: string): number | undefined {
  const found = /\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  const [high, low] = [Number(found?.[1]), Number(found?.[2])]
  return high <= 255 && low <= 255 ? high * 256 + low : undefined
}
