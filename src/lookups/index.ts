import type { LookupKind } from '../core/component.ts'
import type { KindIndex } from '../core/kinds.ts'

/** Every kind of lookup that comes with StreamAlert. */
export const lookups: KindIndex<LookupKind> = {
  file: async () => (await import('./file.ts')).default,
}
