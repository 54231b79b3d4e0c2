import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lambda } from '@aws-sdk/client-lambda'
import { CodedError } from '../../core/errors.ts'
import type { Cli, ExitCode } from '../cli.ts'
import type { Built } from './build.ts'
import { asking } from './clients.ts'

/** The functions whose code holds rules, schemas and publishers, with their packages. */
const functionsOf = ({ variables }: Built): readonly (readonly [name: string, file: string])[] => {
  const { prefix, clusters, packages, history } = variables
  return [
    ...Object.keys(clusters).flatMap((cluster) => [
      [`${prefix}-${cluster}-ingest`, packages.ingest] as const,
      [`${prefix}-${cluster}-dispatch`, packages.dispatch] as const,
    ]),
    ...(packages.api === undefined ? [] : [[`${prefix}-api`, packages.api] as const]),
    ...(packages.compact !== undefined && history.records_days > 0
      ? [[`${prefix}-compact`, packages.compact] as const]
      : []),
  ]
}

/**
 * Gives the deployed functions new code and leaves all else as it is. Each takes its new code at once, between two invocations;
 * those that have it are the same when it is done again. Exit code 1 when the person says no.
 */
export async function updateCode(
  cli: Cli,
  built: Built,
  lambda: Lambda,
  mayI: () => Promise<boolean>,
): Promise<ExitCode> {
  const functions = functionsOf(built)
  cli.say(functions.map(([name, file]) => `${name} ← ${file}`).join('\n'))
  if (!(await mayI())) return 1
  for (const [name, file] of functions) {
    const { CodeSha256: sha256 = null } = await asking(name, () =>
      lambda.updateFunctionCode({ FunctionName: name, ZipFile: readFileSync(file), Architectures: ['arm64'] }),
    )
    await untilUpdated(lambda, name)
    if (cli.json) cli.emit({ function: name, sha256 })
    cli.say(`${name} has its new code.`)
  }
  return 0
}

/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
async function untilUpdated(lambda: Lambda, name: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const { LastUpdateStatus: status, LastUpdateStatusReason: reason } = await asking(name, () =>
      lambda.getFunctionConfiguration({ FunctionName: name }),
    )
    if (status === 'Successful') return
    if (status === 'Failed') throw new CodedError('AWS_FAILED', `${name} does not take its code: ${reason}`)
    await sleep(1000)
  }
  throw new CodedError('AWS_FAILED', `${name} has not taken its code within a minute.`)
}
