import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Reply } from './reply.ts'

declare const CLP_FSMON_PAGE: string | undefined

/** The files of the page, with what they are. */
export const pageFileTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'alerts.js': 'text/javascript; charset=utf-8',
  'branch.js': 'text/javascript; charset=utf-8',
  'chart.js': 'text/javascript; charset=utf-8',
  'detail.js': 'text/javascript; charset=utf-8',
  'element.js': 'text/javascript; charset=utf-8',
  'server.js': 'text/javascript; charset=utf-8',
  'texts.js': 'text/javascript; charset=utf-8',
  'tree.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'en.json': 'application/json; charset=utf-8',
  'ja.json': 'application/json; charset=utf-8',
}

/**
 * The files of the page by their paths; the build writes them in, its modules in one file, the sources read them
 * from beside this file.
 */
export function pageFiles(
  built = typeof CLP_FSMON_PAGE === 'string' ? CLP_FSMON_PAGE : '{}',
): ReadonlyMap<string, Reply> {
  const kept: unknown = JSON.parse(built)
  const bodies = new Map<string, unknown>(Object.entries(kept ?? {}))
  const isBuilt = bodies.size > 0
  const files = new Map<string, Reply>()
  for (const [name, type] of Object.entries(pageFileTypes)) {
    const inBuild = bodies.get(name)
    if (isBuilt && typeof inBuild !== 'string') continue
    const body = typeof inBuild === 'string' ? inBuild : fromSource(name)
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    // Asked for again each time, so that page and server are always of one version.
    const headers = { ETag: tag, 'Cache-Control': 'no-cache' }
    files.set(name === 'index.html' ? '/' : `/page/${name}`, { status: 200, type, body, headers })
  }
  return files
}

function fromSource(name: string): string {
  const place = name.endsWith('.json') ? `../../messages/page.${name}` : `page/${name}`
  return readFileSync(new URL(place, import.meta.url), 'utf8')
}
