import { allKinds } from '../../src/core/kinds.ts'
import { lookups as lookupIndex } from '../../src/lookups/index.ts'
import { outputs as outputIndex } from '../../src/outputs/index.ts'
import { secrets as secretIndex } from '../../src/secrets/index.ts'
import { sources as sourceIndex } from '../../src/sources/index.ts'

/** Every built-in component, imported. */
export const sources = await allKinds(sourceIndex)
export const outputs = await allKinds(outputIndex)
export const lookups = await allKinds(lookupIndex)
export const secrets = await allKinds(secretIndex)
