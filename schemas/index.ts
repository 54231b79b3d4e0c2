import type { Schema } from '../src/core/contracts/index.ts'
import * as vendors from './vendors.ts'

export { normalisedNames } from './shared/names.ts'
export * from './vendors.ts'

/**
 * All built-in schemas. Each file of a vendor has its line in `vendors.ts`; each schema has a sample in `samples/`, a log
 * file as its source would write it, which must be told from the samples of all other schemas.
 */
export const schemas: readonly Schema[] = Object.values(vendors)
