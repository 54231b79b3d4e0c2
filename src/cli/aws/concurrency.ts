import type { Lambda } from '@aws-sdk/client-lambda'
import type { Variables } from '../../project/aws/index.ts'
import { asking } from './clients.ts'

/** AWS keeps so much of an account's concurrency for functions that reserve none. */
const kept = 100

/** Invocations that the functions of infra/ reserve, unless they share the quota: each cluster its own for ingest and 4 for dispatch; 5 for api and 1 for each compact, where they are. */
export const reserved = ({
  clusters,
  packages,
  history,
  reserve_concurrency: reserve,
}: Pick<Variables, 'clusters' | 'packages' | 'history' | 'reserve_concurrency'>): number =>
  !reserve
    ? 0
    : Object.values(clusters).reduce((sum, { concurrency }) => sum + concurrency + 4, 0) +
      (packages.api === undefined ? 0 : 5) +
      (packages.compact !== undefined && history.records_days > 0 ? history.compactors : 0)

/** The account's quota of concurrent invocations, and whether what is to be reserved fits into it. */
export async function checkConcurrency(lambda: Lambda, wanted: number, region: string) {
  const { AccountLimit: limit } = await asking('The quota of concurrent invocations', () =>
    lambda.getAccountSettings({}),
  )
  const quota = limit?.ConcurrentExecutions ?? 0
  if (wanted === 0) return { ok: true, detail: `${quota} concurrent invocations, which all functions share`, hint: '' }
  const needed = wanted + kept
  return {
    ok: quota >= needed,
    detail: `${quota} concurrent invocations; ${wanted} are reserved, and AWS keeps ${kept}`,
    hint: `Ask for ${needed} or more: aws service-quotas request-service-quota-increase --region ${region} --service-code lambda --quota-code L-B99A9384 --desired-value ${Math.max(1000, needed)}. Until it is granted, aws.reserveConcurrency: false lets functions share what there is.`,
  }
}
