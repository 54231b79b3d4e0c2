import type { LookupKind } from '../core/component.ts'
import file from './file.ts'

export { file }

/** Every kind of lookup that comes with StreamAlert. */
export const lookups: readonly LookupKind[] = [file]
