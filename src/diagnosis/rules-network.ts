import type { Cause } from './cause.ts'
import type { Facts } from './facts.ts'

/** What is wrong with the way to the server, where it can be told. */
export function networkCauses(facts: Facts): Cause[] {
  const { target, network, processes = [], listeners } = facts
  if (network === undefined) return []
  const { address = target.address, unresolved, routeError, neighbour, near, isHere } = network
  if (unresolved !== undefined) {
    const values = { name: target.address }
    return [{ key: 'name-unresolved', values, evidence: [unresolved] }]
  }
  if (isHere) return []
  const found: Cause[] = []
  const own = processes.filter(({ program, state }) =>
    target.kind === 'samba'
      ? program === 'smbd' && state !== 'Z'
      : program.endsWith('nfsd') && state !== 'Z',
  )
  const silent = neighbour !== undefined && neighbour.isTarget && !neighbour.isAnswering
  // One of ours that runs beside an address that nobody has was to be reached by it.
  const isOrphan =
    own.length > 0 &&
    silent &&
    near !== undefined &&
    listeners?.some(({ port }) => port === target.port)
  if (target.wasHere === true || isOrphan === true) {
    const evidence = [`no interface of this host has the address ${address}`]
    if (target.wasHere === true) evidence.push('it was here when the monitor last looked')
    if (own.length > 0) evidence.push(`${own[0]?.name ?? ''} runs here (pid ${own[0]?.pid ?? ''})`)
    if (neighbour?.isTarget === true && neighbour.isAnswering)
      evidence.push('another host answers for it')
    found.push({ key: 'address-absent', values: { address }, evidence })
  }
  if (routeError !== undefined) {
    const evidence = [`connecting a datagram socket to ${address}: ${routeError}`]
    found.push({ key: 'no-route', values: { address, code: routeError }, evidence })
  } else if (neighbour !== undefined && !neighbour.isAnswering) {
    const values = { address: neighbour.address, device: neighbour.device }
    const evidence = [
      `/proc/net/arp: no link address for ${neighbour.address} on ${neighbour.device}`,
      ...(neighbour.isTarget ? [] : [`${neighbour.address} is the next hop to ${address}`]),
    ]
    found.push({ key: 'neighbour-silent', values, evidence })
  }
  return found
}
