import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** What is fetched, and how far its answer is trusted. */
export type BoundedRequest = {
  url: URL
  token?: string | undefined
  /** certificates by which the other end is known, in place of the system's */
  ca?: string | undefined
  mostBytes: number
  limitMs: number
  signal: AbortSignal
}

/** Fetches JSON from another server within a time and a size; redirects are not followed. */
export async function boundedGet(wanted: BoundedRequest): Promise<unknown> {
  const { url, token, ca, mostBytes, limitMs, signal } = wanted
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  const text = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      url,
      {
        agent: false,
        signal: limit,
        headers: {
          Accept: 'application/json',
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
        ...(ca !== undefined && { ca }),
      },
      (response) => {
        if (response.statusCode !== 200) {
          response.destroy()
          reject(new Error(`it answered with status ${response.statusCode ?? 0}`))
          return
        }
        const chunks: Buffer[] = []
        let byteCount = 0
        response.on('data', (chunk: Buffer) => {
          byteCount += chunk.length
          chunks.push(chunk)
          if (byteCount > mostBytes) response.destroy(new Error('its answer is too long'))
        })
        response.on('error', reject)
        response.on('end', () => {
          resolve(Buffer.concat(chunks).toString('utf8'))
        })
      },
    )
    outgoing.on('error', (error) => {
      reject(limit.aborted ? new Error('it did not answer in time', { cause: error }) : error)
    })
    outgoing.end()
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error('its answer is not JSON', { cause: error })
  }
}
