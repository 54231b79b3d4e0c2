import type { SecretKind } from '../core/component.ts'
import type { KindIndex } from '../core/kinds.ts'

export { writeAtomic } from './shared/write-atomic.ts'

/** Every provider of secrets that comes with StreamAlert. */
export const secrets: KindIndex<SecretKind> = {
  'aws-secrets-manager': async () => (await import('./aws-secrets-manager.ts')).default,
  'aws-ssm': async () => (await import('./aws-ssm.ts')).default,
  environment: async () => (await import('./environment.ts')).default,
  file: async () => (await import('./file/index.ts')).default,
}
