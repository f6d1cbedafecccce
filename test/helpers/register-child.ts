import { Registry } from '../../src/registry/registry.ts'
import { applicant } from './applicant.ts'

const [directory = '', id = '', count = '1'] = process.argv.slice(2)

/** Tries to register one ID so many times at once when its parent says so, and tells what came of it. */
process.on('message', () => {
  void (async () => {
    const attempts = Array.from({ length: Number(count) }, async () => {
      try {
        const result = await new Registry(directory).register(applicant(id), () => undefined)
        return result.kind
      } catch (error) {
        return String(error)
      }
    })
    process.send?.(await Promise.all(attempts))
  })()
})
process.send?.('ready')
