import type { Schema } from '../src/core/contracts/index.ts'
import * as vendors from './vendors.ts'

export * from './vendors.ts'
export { normalisedNames } from './shared/names.ts'

/** All built-in schemas. */
export const schemas: readonly Schema[] = Object.values(vendors)
