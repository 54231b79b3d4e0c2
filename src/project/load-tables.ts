import type { LookupHost } from '../core/component.ts'
import type { Table, Tables } from '../core/contracts/index.ts'
import { CodedError, problemsOf } from '../core/errors.ts'
import { kindOf } from '../core/kinds.ts'
import { lookups as kinds } from '../lookups/index.ts'
import type { CodeRequest } from './code-request.ts'

/**
 * Loads all tables of a project, in the thread that evaluates its rules. One that cannot be loaded is empty, so that the
 * rules which read it are not to blame. Faults go to `problems`.
 */
export async function loadTables(
  { dir, lookups }: Pick<CodeRequest, 'dir' | 'lookups'>,
  problems: CodedError[],
): Promise<Tables> {
  if (lookups.length === 0) return new Map()
  const load = async ({ name, kind, options, place }: CodeRequest['lookups'][number]): Promise<[string, Table]> => {
    try {
      const found = await kindOf(kinds, kind)
      if (!found) throw new CodedError('INTERNAL', `There is no kind of lookup "${kind}".`)
      return [name, await found.create(options, hostOf(name, dir)).load()]
    } catch (error) {
      problems.push(...problemsOf(error, 'LOOKUP_INVALID').map((problem) => placed(problem, place)))
      return [name, new Map()]
    }
  }
  return new Map(await Promise.all(lookups.map(load)))
}

/** Threads that evaluate rules hold no secrets. */
const hostOf = (name: string, projectDir: string): LookupHost => ({
  name,
  projectDir,
  fetch: globalThis.fetch,
  secret: (secret) => Promise.reject(new CodedError('SECRET_MISSING', `The secret "${secret}" is kept from rules.`)),
})

function placed({ code, message, place, hint }: CodedError, around: CodedError['place']): CodedError {
  return new CodedError(code, message, {
    place: place.file === undefined ? around : place,
    ...(hint !== undefined && { hint }),
  })
}
