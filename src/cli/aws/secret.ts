import { CodedError } from '../../core/errors.ts'
import { awsOf, outputSecrets } from '../../project/aws/index.ts'
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
 * Puts a value into AWS Secrets Manager, where the outputs' function looks: `<prefix>/outputs/NAME`, which `deploy` has made. Answers that
 * id. Throws NOT_FOUND where there is none, AWS_FAILED.
 */
export async function putSecret(project: Project, name: string, value: string, aws: (region: string) => AwsClients) {
  const settings = awsOf(project)
  checkName(name)
  const clients = aws(settings.region)
  await identify({ aws: settings }, clients)
  const id = `${settings.prefix}/outputs/${name}`
  const manager = await clients.secretsManager()
  await asking(`The secret ${id}`, async () => {
    try {
      await manager.putSecretValue({ SecretId: id, SecretString: value })
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error
      const isUsed = outputSecrets(project.secretUses).includes(name)
      throw new CodedError('NOT_FOUND', `There is no secret ${id} in ${settings.region}.`, {
        hint: isUsed
          ? 'Run "streamalert deploy" first: it makes an empty one for each secret that outputs name.'
          : `No output of streamalert.yaml names secret:${name}.`,
      })
    }
  })
  return id
}
