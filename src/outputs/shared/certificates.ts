import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { OutputHost } from '../../core/component.ts'
import { CodedError, messageOf } from '../../core/errors.ts'
import { text } from './fields.ts'

/** Option of outputs that open TLS connections by themselves, for installations whose certificates no public authority signs. */
export const caOption = text(
  'File (PEM) of the authorities that vouch for the far end, relative to the project. Default: those that Node trusts.',
).optional()

/** The authorities, or undefined for Node's own. Throws OUTPUT_MISCONFIGURED when the file cannot be read. */
export async function authoritiesOf(path: string | undefined, host: OutputHost): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return await readFile(resolve(host.projectDir, path), 'utf8')
  } catch (error) {
    throw new CodedError('OUTPUT_MISCONFIGURED', `The file of "ca" cannot be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
