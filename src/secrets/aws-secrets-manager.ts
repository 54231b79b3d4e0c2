import { z } from 'zod'
import { clientSettings } from '../aws/client.ts'
import { awsOptions } from '../aws/options.ts'
import { defineSecrets } from '../core/component.ts'
import { secretsOf } from '../core/secrets.ts'
import { remoteOptions, remoteProvider } from './shared/remote.ts'

/**
 * Secrets of AWS Secrets Manager, by GetSecretValue, which needs the permission `secretsmanager:GetSecretValue` (and
 * `kms:Decrypt` for a key of one's own): https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export default defineSecrets({
  name: 'aws-secrets-manager',
  summary: 'AWS Secrets Manager; `secret:NAME#key` is one property of a secret that holds a JSON object.',
  config: z.strictObject({ ...remoteOptions, ...awsOptions }),
  examples: [
    {
      title: '`secret:slack#token` is the property `token` of the secret `streamalert/slack`',
      config: { prefix: 'streamalert/', region: 'eu-central-1' },
    },
  ],
  create({ prefix, cacheSeconds, ...options }, host) {
    const connect = async () => {
      const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
      const client = new SecretsManagerClient(await clientSettings(options, secretsOf(host)))
      return (id: string) => client.send(new GetSecretValueCommand({ SecretId: id }))
    }
    let connected: ReturnType<typeof connect> | undefined
    return remoteProvider(
      {
        title: 'AWS Secrets Manager',
        prefix,
        cacheMs: cacheSeconds * 1000,
        async ask(id) {
          try {
            const { SecretString, SecretBinary } = await (await (connected ??= connect()))(id)
            return SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString('utf8'))
          } catch (error) {
            if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
            throw error
          }
        },
      },
      host,
    )
  },
})
