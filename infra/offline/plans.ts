import type { OfflineTerraform } from './terraform.ts'

/** A resource as it will be. */
export interface Planned {
  readonly address: string
  readonly type: string
  /** What is known of it before it is made. */
  readonly values: Readonly<Record<string, unknown>>
}

/** What `terraform test` has planned, by the name of its run. */
export interface Tested {
  readonly plans: ReadonlyMap<string, readonly Planned[]>
  /** What failed, for people; empty when all is well. */
  readonly failures: readonly string[]
}

/** A line of `terraform test -json`: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface Line {
  readonly type: string
  readonly '@message': string
  readonly '@testrun'?: string
  readonly diagnostic?: {
    readonly severity: string
    readonly summary: string
    readonly detail: string
    readonly range?: { readonly filename: string; readonly start: { readonly line: number } }
  }
  readonly test_plan?: {
    readonly resource_changes?: readonly {
      readonly address: string
      readonly mode: string
      readonly type: string
      readonly change: { readonly after: Readonly<Record<string, unknown>> }
    }[]
  }
}

/** Runs `tests/*.tftest.hcl`, all in one process, which costs a third of a process for each. */
export async function testAll({ run }: Pick<OfflineTerraform, 'run'>): Promise<Tested> {
  const { stdout, stderr } = await run('test', '-json', '-verbose')
  const lines = stdout.split('\n').flatMap((text) => (text === '' ? [] : [JSON.parse(text) as Line]))
  if (!lines.some(({ type }) => type === 'test_summary')) throw new Error(`terraform test: ${stderr}`)
  const plans = lines.flatMap(({ test_plan: plan, '@testrun': name }) => {
    if (!plan || name === undefined) return []
    const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed')
    return [[name, managed.map(({ address, type, change }) => ({ address, type, values: change.after }))] as const]
  })
  const failures = lines.flatMap(({ diagnostic, '@testrun': name = '' }) => {
    if (diagnostic?.severity !== 'error') return []
    const { summary, detail, range } = diagnostic
    return [`${name}: ${summary}: ${detail} (${range?.filename}:${range?.start.line})`]
  })
  return { plans: new Map(plans), failures }
}
