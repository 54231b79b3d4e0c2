import { CodedError } from '../../core/errors.ts'
import { awsOf, ingestSecrets, outputSecrets } from '../../project/aws/index.ts'
import type { Project } from '../../project/load.ts'
import { identify } from './session.ts'
import { asking, type AwsClients } from './clients.ts'

/** A name that Secrets Manager takes, which has no `#`: that names a property of a secret. */
function checkName(name: string): void {
  if (/^[A-Za-z0-9_.+=@/-]{1,400}$/.test(name)) return
  throw new CodedError('USAGE', `${JSON.stringify(name)} is not the name of a secret in AWS.`, {
    hint: 'For secret:NAME#key, store a JSON object as NAME: {"key": "…"}.',
  })
}

/**
 * Puts a value into AWS Secrets Manager, where the functions look: `<prefix>/outputs/NAME` for outputs, `<prefix>/ingest/NAME` for
 * sources, which `deploy` has made. Answers what was written. Throws NOT_FOUND where there is none, AWS_FAILED.
 */
export async function putSecret(project: Project, name: string, value: string, aws: (region: string) => AwsClients) {
  const settings = awsOf(project)
  checkName(name)
  const clients = aws(settings.region)
  await identify({ aws: settings }, clients)
  const ofOutputs = outputSecrets(project.secretUses).includes(name)
  const ofSources = ingestSecrets(project, settings.clusters).includes(name)
  const parts = [...(ofOutputs || !ofSources ? ['outputs'] : []), ...(ofSources ? ['ingest'] : [])]
  const ids = parts.map((part) => `${settings.prefix}/${part}/${name}`)
  const manager = await clients.secretsManager()
  const put = (id: string) =>
    asking(`The secret ${id}`, async () => {
      try {
        await manager.putSecretValue({ SecretId: id, SecretString: value })
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error
        throw new CodedError('NOT_FOUND', `There is no secret ${id} in ${settings.region}.`, {
          hint:
            ofOutputs || ofSources
              ? 'Run "streamalert deploy" first: it makes an empty one for each secret that outputs name.'
              : `No output of streamalert.yaml names secret:${name}.`,
        })
      }
    })
  for (const id of ids) await put(id)
  return ids.join(', ')
}
