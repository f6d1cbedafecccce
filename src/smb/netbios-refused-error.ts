/** A negative answer of the NetBIOS session service: the server is there but does not talk to us. */
export class NetbiosRefusedError extends Error {
  override readonly name = 'NetbiosRefusedError'
  readonly code = 'NETBIOS_REFUSED'
  /** RFC 1002 4.3.4, or the type of the answer where it is another one */
  readonly netbiosCode: number

  constructor(netbiosCode: number) {
    super(`NetBIOS session refused: 0x${netbiosCode.toString(16)}`)
    this.netbiosCode = netbiosCode
  }
}
