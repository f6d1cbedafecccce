import type { Io } from '../io.ts'
import { askedLanguage, chooseLanguage } from '../language.ts'
import { version } from '../version.ts'
import type { LicenseContext } from './license-context.ts'
import { issuerFile, licensePlaces } from './license-places.ts'
import { LicenseRefusal } from './license-refusal.ts'
import { licenseRequest, type LicenseRequest } from './license-request.ts'
import { loadLicenseTexts } from './license-texts.ts'
import type { LineInput } from './line-input.ts'

const success = 'command was success.\n'

/** Does what the words of `clplcnsc` ask for; resolves with the exit status. */
export async function licenseMain(
  argv: readonly string[],
  io: Io,
  openInput: () => LineInput,
  now: Date,
): Promise<number> {
  const language = chooseLanguage(askedLanguage(argv), io.env)
  const texts = await loadLicenseTexts(language)
  try {
    const request = licenseRequest(argv, texts)
    const root = io.env.CLP_FSMON_ROOT
    const places = licensePlaces(root)
    const isPrivileged = io.uid === 0 || root !== undefined
    if (!isPrivileged && request.want !== 'help' && request.want !== 'version') {
      throw new LicenseRefusal('notRoot', texts.notRoot)
    }
    const { product } = request
    await carryOut(request, { product, places, texts, language, io, now }, openInput)
    return 0
  } catch (error) {
    if (!(error instanceof LicenseRefusal)) throw error
    io.err(`clplcnsc: ${error.message}\n`)
    if (argv.length === 0) io.err(`clplcnsc: ${texts.seeHelp}\n`)
    return error.status
  }
}

async function carryOut(
  request: LicenseRequest,
  context: LicenseContext,
  openInput: () => LineInput,
): Promise<void> {
  const { io, places, texts } = context
  switch (request.want) {
    case 'help': {
      const { licenseHelp } = await import('./license-help.ts')
      io.out(licenseHelp(issuerFile(places), texts))
      return
    }
    case 'version':
      io.out(`clplcnsc (clp-fsmon) ${version}\n`)
      return
    case 'list': {
      const { listLicenses } = await import('./list.ts')
      await listLicenses(context)
      return
    }
    case 'issue': {
      const { issue } = await import('./issue.ts')
      issue(request.serial, request.terms, context)
      return
    }
    case 'delete': {
      const { deleteLicense } = await import('./delete.ts')
      await deleteLicense(request.serial, context)
      break
    }
    case 'community': {
      const { registerCommunity } = await import('./community.ts')
      await registerCommunity(context)
      break
    }
    case 'register': {
      const { registerBrought } = await import('./register-brought.ts')
      await registerBrought(request.file, context, openInput)
      break
    }
  }
  io.out(success)
}
