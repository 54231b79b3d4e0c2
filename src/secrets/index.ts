import type { SecretKind } from '../core/component.ts'
import awsSecretsManager from './aws-secrets-manager.ts'
import awsSsm from './aws-ssm.ts'
import environment from './environment.ts'
import file from './file/index.ts'

export { awsSecretsManager, awsSsm, environment, file }
export { writeAtomic } from './shared/write-atomic.ts'

/** Every provider of secrets that comes with StreamAlert. */
export const secrets: readonly SecretKind[] = [awsSecretsManager, awsSsm, environment, file]
