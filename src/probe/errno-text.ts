const texts: ReadonlyMap<string, string> = new Map([
  ['EPERM', 'Operation not permitted'],
  ['EACCES', 'Permission denied'],
  ['EPIPE', 'Broken pipe'],
  ['EPROTO', 'Protocol error'],
  ['EMSGSIZE', 'Message too long'],
  ['EPROTONOSUPPORT', 'Protocol not supported'],
  ['ENETDOWN', 'Network is down'],
  ['ENETUNREACH', 'Network is unreachable'],
  ['ENETRESET', 'Network dropped connection on reset'],
  ['ECONNABORTED', 'Software caused connection abort'],
  ['ECONNRESET', 'Connection reset by peer'],
  ['EOF', 'Connection reset by peer'],
  ['ENOTCONN', 'Transport endpoint is not connected'],
  ['ETIMEDOUT', 'Connection timed out'],
  ['ECONNREFUSED', 'Connection refused'],
  ['EHOSTDOWN', 'Host is down'],
  ['EHOSTUNREACH', 'No route to host'],
])

/** The words of the C library for a socket's failure; an end of the connection counts as a reset, as in Sun RPC. */
export function errnoText(code: string): string {
  return texts.get(code) ?? code
}
