import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { CodedError } from '../../core/errors.ts'
import { type CodeRequest, codeOf, libraryRequest } from '../../project/code-request.ts'
import { configFile } from '../../project/config.ts'
import { libraryHome } from '../../project/library.ts'
import { loadProject } from '../../project/load.ts'

/** A folder whose rules are those of the built-in library: that of this package, which is no project. */
export const isLibrary = (dir: string): boolean => dir === libraryHome && !existsSync(join(dir, configFile))

/** What `test` tests: a project's own rules, or in the folder of this package the built-in library. */
export async function codeToTest(dir: string): Promise<CodeRequest> {
  if (isLibrary(dir)) return libraryRequest()
  return { ...codeOf(await loadProject(dir)), libraryFiles: [] }
}

/** Patterns that no rule fits. */
export function noSuchRule(patterns: readonly string[], dir: string): CodedError {
  const given = patterns.map((one) => `"${one}"`).join(' or ')
  const hint = `Rules lie in ${relative(process.cwd(), join(dir, 'rules'))}.`
  return new CodedError('USAGE', `No rule has ${given} in its name or its path.`, { hint })
}
