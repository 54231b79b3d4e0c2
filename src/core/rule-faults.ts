import type { TypedSchema } from './contracts/index.ts'
import { milliseconds } from './duration.ts'
import { messageOf } from './errors.ts'
import { isMatcher } from './matcher.ts'
import { nearestName, suggest } from './nearest.ts'
import { isPublisher } from './publisher.ts'
import { publishersIn } from './publishing/choice.ts'
import { compilePath } from './paths.ts'
import type { RuleOptions } from './rule-options.ts'
import { severities } from './severity.ts'

/** The options of any rule: its functions take a record of which nothing is known. */
export type LooseOptions = RuleOptions<readonly TypedSchema<never>[]>

/** Every option there is; the compiler says when one is missing here or is none. */
const known = Object.keys({
  ...{ name: 1, description: 1, severity: 1, schemas: 1, types: 1, clusters: 1, outputs: 1, route: 1, publishers: 1 },
  ...{ lookups: 1, requires: 1, where: 1, matchers: 1, match: 1, title: 1, context: 1 },
  ...{ merge: 1, dedup: 1, threshold: 1, tags: 1, attack: 1, references: 1, runbook: 1, falsePositives: 1, owner: 1 },
  ...{ enabled: 1, staged: 1 },
} satisfies Record<keyof LooseOptions, 1>)

/** All that is wrong with a declaration. Rules also come from plain JavaScript, so types are checked at run time too. */
export function faultsOf(options: LooseOptions): string[] {
  const faults: string[] = []
  const expect = (holds: boolean, fault: string) => void (holds || faults.push(fault))
  const { name, description, severity, schemas, types, match, matchers, where } = options
  expect(/^[a-z0-9][a-z0-9_-]*$/.test(name), `name: "${name}" is not lower case letters, digits and dashes.`)
  expect(typeof description === 'string' && description !== '', 'description: is missing.')
  expect(match === undefined || typeof match === 'function', 'match: is not a function.')
  expect(match !== undefined || where !== undefined, 'where, match: one of the two must say when it alerts.')
  expect((schemas ?? types ?? []).length > 0, 'schemas, types: one of the two must say what it looks at.')
  expect(schemas === undefined || areNamed(schemas), 'schemas: is no list of log types.')
  expect(types === undefined || areTexts(types), 'types: is no list of names.')
  expect((matchers ?? []).every(isMatcher), 'matchers: holds what is neither a function nor made by matcher().')
  expect(
    typeof severity === 'function' || severities.includes(severity),
    `severity: "${String(severity)}" is none of ${severities.join(', ')}.${meant(String(severity))}`,
  )
  expect(
    publishersIn(options.publishers).every(isPublisher),
    'publishers: holds what was not made by definePublisher().',
  )
  faults.push(...windowFaults(options))
  faults.push(...stagingFaults(options.staged))
  for (const path of options.requires ?? []) faults.push(...faultOf('requires', () => compilePath(path)))
  for (const id of options.attack ?? [])
    expect(/^T\d{4}(\.\d{3})?$/.test(id), `attack: "${id}" is no technique: write T1078 or T1078.004.`)
  for (const option of Object.keys(options))
    expect(known.includes(option), `${option}: is no option of a rule. ${suggest(option, known)}`)
  return faults
}

/** How matches become alerts: one way at most, each with fields and a length. */
function windowFaults({ merge, dedup, threshold }: LooseOptions): string[] {
  const faults: string[] = []
  const ways = Object.entries({ merge, dedup, threshold }).filter(([, way]) => way !== undefined)
  const names = ways.map(([name]) => name).join(', ')
  if (ways.length > 1) faults.push(`${names}: each says how matches become alerts; use one of them.`)
  for (const [name, way] of ways) faults.push(...faultOf(`${name}.window`, () => milliseconds(way!.window)))
  if (merge && !areTexts(merge.by)) faults.push('merge.by: names no field.')
  if (merge?.limit !== undefined && !(Number.isInteger(merge.limit) && merge.limit >= 1))
    faults.push('merge.limit: is no whole number from 1 on.')
  if (dedup && typeof dedup.by !== 'function' && !areTexts(dedup.by))
    faults.push('dedup.by: names no field and is no function.')
  if (threshold && !(threshold.count >= 1)) faults.push('threshold.count: is less than 1.')
  return faults
}

function stagingFaults(staged: LooseOptions['staged']): string[] {
  if (staged === undefined || typeof staged === 'boolean') return []
  if (typeof staged === 'string') return faultOf('staged', () => milliseconds(staged))
  if (typeof staged !== 'object' || staged === null)
    return ["staged: is none of true, '48h', { for: '48h', maxAlerts: 0 }."]
  const { for: length, maxAlerts = 0 } = staged
  const faults = faultOf('staged.for', () => milliseconds(length))
  if (!Number.isInteger(maxAlerts) || maxAlerts < 0) faults.push('staged.maxAlerts: is no whole number from 0 on.')
  for (const option of Object.keys(staged))
    if (option !== 'for' && option !== 'maxAlerts') faults.push(`staged.${option}: is no option of it.`)
  return faults
}

function faultOf(option: string, check: () => unknown): string[] {
  try {
    check()
    return []
  } catch (error) {
    return [`${option}: ${messageOf(error)}`]
  }
}

/** The severity that was most likely meant, where one is near. */
function meant(severity: string): string {
  const nearest = nearestName(severity, severities)
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}

const areTexts = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')

const areNamed = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one: unknown) => typeof one === 'object' && one !== null && 'name' in one)
