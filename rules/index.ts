import type { Rule } from '../src/index.ts'
import * as library from './library.ts'

export * from './library.ts'

/**
 * The built-in rules: `<vendor>/<name>.ts`, with tests beside, and a line in `library.ts`. A project runs those that its
 * `library` names; code imports them from `streamalert/rules`.
 */
export const rules: readonly Rule[] = Object.values(library)
