import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** `.ts` in the clone, `.js` in the published package: files of this package are named without it. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** URL of a module of this package, from its path without extension below the folder that holds `src`. */
export const packageModule = (path: string): URL => new URL(`../../${path}${extension}`, import.meta.url)

/** URL of a file of this package that is not compiled, from its path below the package's folder. */
export const packageFile = (path: string): URL =>
  new URL(`${extension === '.ts' ? '../..' : '../../..'}/${path}`, import.meta.url)

const entries: ReadonlyMap<string, string> = new Map([
  ['streamalert', packageModule('src/index').href],
  ['streamalert/parsers', packageModule('src/parsers/index').href],
  ['streamalert/schemas', packageModule('schemas/index').href],
  ['streamalert/rules', packageModule('rules/index').href],
  ['streamalert/helpers', packageModule('src/helpers/index').href],
  ['streamalert/publishers', packageModule('src/publishers/index').href],
  ['streamalert/testing', packageModule('src/testing/index').href],
  ['streamalert/testing/contracts', packageModule('src/testing/contracts').href],
])

/**
 * Lets project folders anywhere import `streamalert`: it is always the package that runs, whatever is installed beside the
 * project. And TypeScript of a project is an ES module, whatever its package.json says or whether it has one.
 * Call it once in each thread, before any code of a project is imported. `onFile` hears of each file that is then imported.
 */
export function registerResolve(onFile: (path: string) => void = () => {}): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = entries.get(specifier)
      if (url !== undefined)
        return { url, shortCircuit: true, format: extension === '.ts' ? 'module-typescript' : 'module' }
      const resolved = nextResolve(specifier, context)
      if (resolved.url.startsWith('file:')) onFile(fileURLToPath(resolved.url))
      const isModule = /^file:.*\.m?ts(\?.*)?$/.test(resolved.url) && !resolved.url.includes('/node_modules/')
      return isModule ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}
