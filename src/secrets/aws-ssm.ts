import { z } from 'zod'
import { clientSettings } from '../aws/client.ts'
import { awsOptions } from '../aws/options.ts'
import { defineSecrets } from '../core/component.ts'
import { secretsOf } from '../core/secrets.ts'
import { remoteOptions, remoteProvider } from './shared/remote.ts'

/**
 * Secrets of the SSM Parameter Store, decrypted by GetParameter, which needs the permission `ssm:GetParameter` (and
 * `kms:Decrypt` for a key of one's own): https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export default defineSecrets({
  name: 'aws-ssm',
  summary: 'AWS Systems Manager Parameter Store, `SecureString`; `secret:NAME#key` is one property of a JSON object.',
  config: z.strictObject({ ...remoteOptions, ...awsOptions }),
  examples: [
    { title: '`secret:slack` is the parameter `/acme/slack`', config: { prefix: '/acme/', region: 'eu-central-1' } },
    {
      title:
        'Credentials that the Python StreamAlert stored: `secret:slack/security#url` is the property `url` of its output',
      config: { prefix: '/acme/streamalert/outputs/', region: 'us-east-1' },
    },
  ],
  create({ prefix, cacheSeconds, ...options }, host) {
    const connect = async () => {
      const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
      const client = new SSMClient(await clientSettings(options, secretsOf(host)))
      return (name: string) => client.send(new GetParameterCommand({ Name: name, WithDecryption: true }))
    }
    let connected: ReturnType<typeof connect> | undefined
    return remoteProvider(
      {
        title: 'AWS SSM',
        prefix,
        cacheMs: cacheSeconds * 1000,
        async ask(id) {
          try {
            return (await (await (connected ??= connect()))(id)).Parameter?.Value
          } catch (error) {
            if (error instanceof Error && error.name === 'ParameterNotFound') return undefined
            throw error
          }
        },
      },
      host,
    )
  },
})
