import type { SecretProvider } from '../../core/component.ts'
import { CodedError } from '../../core/errors.ts'
import awsSecretsManager from '../../secrets/aws-secrets-manager.ts'
import type { Place, Surroundings } from './surroundings.ts'

/** Secrets of a part of the deployment, as Terraform names them: `<prefix>/<part>/<name>`. No function may read those of another part. */
export const secretsOf = (part: 'outputs' | 'ingest', { env, now }: Surroundings, { prefix }: Place): SecretProvider =>
  awsSecretsManager.create(awsSecretsManager.config.parse({ prefix: `${prefix}/${part}/` }), {
    ...{ projectDir: '/var/task', stateDir: '/tmp', env, now },
    secret: async (name) => {
      throw new CodedError('SECRET_MISSING', `The secret "${name}" has no value.`)
    },
  })

/** The value of a secret; throws SECRET_MISSING where it has none. */
export async function valueOf(provider: SecretProvider, name: string): Promise<string> {
  const value = await provider.get(name)
  if (value !== undefined) return value
  throw new CodedError('SECRET_MISSING', `The secret "${name}" has no value.`, { hint: provider.advice(name) })
}
