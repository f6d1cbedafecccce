import { createHash } from 'node:crypto'

/** The ID of the watch of a server's inventory: letters and digits, by which people know it again. */
export function inventoryId(server: string): string {
  if (/^[\d.]+$/.test(server)) return `inventory${server.replaceAll('.', 'x')}`
  const readable = server.replace(/[^0-9A-Za-z]/g, '').slice(0, 40)
  const digest = createHash('sha256').update(server).digest('hex').slice(0, 6)
  return `inventory${readable}x${digest}`
}
