import type { Policy } from './evaluate-policy.ts'
import type { OfflineTerraform } from './terraform.ts'

/** A resource of the state, as `terraform show -json` tells it. */
export interface Shown {
  readonly address: string
  readonly type: string
  readonly values: Readonly<Record<string, unknown>>
}

interface Module {
  readonly resources?: readonly Shown[]
  readonly child_modules?: readonly Module[]
}

const resourcesIn = (module: Module): readonly Shown[] => [
  ...(module.resources ?? []),
  ...(module.child_modules ?? []).flatMap(resourcesIn),
]

/** Applies what is in the folder, and answers all that is there then. Throws what Terraform says. */
export async function applied(terraform: OfflineTerraform): Promise<readonly Shown[]> {
  const { code, stderr } = await terraform.run('apply', '-auto-approve')
  if (code !== 0) throw new Error(stderr)
  const { stdout } = await terraform.run('show', '-json')
  return resourcesIn((JSON.parse(stdout) as { values: { root_module: Module } }).values.root_module)
}

/** Address → policy, of all resources of a type that have one. */
export const policiesOf = (shown: readonly Shown[], type: string): ReadonlyMap<string, Policy> =>
  new Map(
    shown
      .filter((one) => one.type === type)
      .map(({ address, values }) => [address, JSON.parse(String(values['policy'])) as Policy]),
  )
