import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CodedError, type Code, messageOf } from '../core/errors.ts'
import { text } from '../core/option.ts'

/** Option of components that open TLS connections by themselves, for installations whose certificates no public authority signs. */
export const caOption = text(
  'File (PEM) of the authorities that vouch for the far end, relative to the project. Default: those that Node trusts.',
).optional()

/** The authorities, or undefined for Node's own. Throws an error with `code` when the file cannot be read. */
export async function authoritiesOf(
  path: string | undefined,
  host: { readonly projectDir: string },
  code: Code,
): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(resolve(host.projectDir, path), 'utf8')
  } catch (error) {
    throw new CodedError(code, `The file of "ca" cannot be read: ${messageOf(error)}`, { cause: error })
  }
}
