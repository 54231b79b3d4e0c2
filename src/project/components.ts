import type { z } from 'zod'
import type { LookupKind, OutputKind, SourceKind } from '../core/component.ts'
import { CodedError, type Place } from '../core/errors.ts'
import { type KindIndex, kindOf } from '../core/kinds.ts'
import { type Config, lookupOptions, outputOptions, sourceOptions } from './config.ts'
import { deliveryTo, type OutputDelivery } from './delivery.ts'
import { issuesToProblems, unknownKey } from './issues.ts'
import type { YamlFile } from './yaml.ts'

/** A source as configured: its declaration, and options that the declaration has checked. */
export interface ConfiguredSource {
  /** `kind:name`. */
  readonly name: string
  readonly kind: SourceKind
  readonly cluster: string
  /** Log types it may hold, as written; undefined: all. */
  readonly schemas?: readonly string[]
  /** How long it may be silent, milliseconds; undefined: for ever. */
  readonly silentAfterMs?: number
  readonly options: unknown
  /** Where it stands in the configuration. */
  readonly place: Place
}

/** An output as configured. */
export interface ConfiguredOutput {
  /** `kind:name`. */
  readonly name: string
  readonly kind: OutputKind
  /** Names of publishers. */
  readonly publishers: readonly string[]
  readonly delivery: OutputDelivery
  readonly options: unknown
  readonly place: Place
}

/** A lookup table as configured, or as its file lies in `lookups/`. */
export interface ConfiguredLookup {
  /** As rules write it. */
  readonly name: string
  readonly kind: LookupKind
  readonly options: unknown
  readonly place: Place
}

interface Kind {
  readonly name: string
  readonly config: z.ZodType
}

interface Found<K extends Kind> {
  readonly name: string
  readonly kind: K
  /** Undefined: wrong. */
  readonly common: Readonly<Record<string, unknown>> | undefined
  readonly options: unknown
  /** False: something of it is wrong, and has been reported. */
  readonly valid: boolean
  readonly path: readonly string[]
}

/** Checks each source by its kind. Sources with `enabled: false` are checked and left out. Faults go to `problems`. */
export async function readSources(
  config: Config,
  kinds: KindIndex<SourceKind>,
  yaml: YamlFile,
  problems: CodedError[],
): Promise<ConfiguredSource[]> {
  const clusters = Object.keys(config.clusters)
  const all = await readComponents('sources', config.sources, kinds, sourceOptions, yaml, problems)
  return all.flatMap((found) => {
    const common = found.common as z.output<typeof sourceOptions> | undefined
    const cluster = common && clusterOf(common.cluster, found.path, clusters, yaml, problems)
    if (!found.valid || cluster === undefined || !common?.enabled) return []
    const { name, kind, options } = found
    const place = yaml.place(found.path, true)
    const { schemas, silentAfter } = common
    const silence = silentAfter === undefined ? {} : { silentAfterMs: silentAfter }
    return [{ name, kind, cluster, ...(schemas && { schemas }), ...silence, options, place }]
  })
}

function clusterOf(
  named: string | undefined,
  path: readonly string[],
  clusters: readonly string[],
  yaml: YamlFile,
  problems: CodedError[],
): string | undefined {
  const cluster = named ?? (clusters.length === 1 ? clusters[0] : undefined)
  if (cluster === undefined) {
    const options = { place: yaml.place(path, true), hint: `Add "cluster:" with one of ${clusters.join(', ')}.` }
    problems.push(new CodedError('CONFIG_INVALID', `${path.join('.')}.cluster is missing.`, options))
  } else if (!clusters.includes(cluster)) {
    problems.push(unknownName('cluster', cluster, clusters, yaml, [...path, 'cluster']))
  }
  return cluster
}

/** Checks each output by its kind. Faults go to `problems`. */
export async function readOutputs(
  config: Config,
  kinds: KindIndex<OutputKind>,
  yaml: YamlFile,
  problems: CodedError[],
): Promise<ConfiguredOutput[]> {
  const all = await readComponents('outputs', config.outputs, kinds, outputOptions, yaml, problems)
  return all
    .filter((found) => found.valid)
    .map(({ name, kind, common, options, path }) => {
      const { publishers, delivery } = common as z.output<typeof outputOptions>
      return {
        name,
        kind,
        publishers,
        delivery: deliveryTo(kind, delivery, config.delivery),
        options,
        place: yaml.place(path, true),
      }
    })
}

/** Checks each configured table by its kind. Faults go to `problems`. */
export async function readLookups(
  config: Config,
  kinds: KindIndex<LookupKind>,
  yaml: YamlFile,
  problems: CodedError[],
): Promise<ConfiguredLookup[]> {
  const found = await readComponents('lookups', config.lookups, kinds, lookupOptions, yaml, problems)
  const tables = found.map(({ name, kind, options, path }) => {
    return { name: name.slice(kind.name.length + 1), kind, options, place: yaml.place(path, true) }
  })
  for (const { name, place } of tables.filter(
    ({ name: one }, n) => tables.findIndex((other) => other.name === one) < n,
  ))
    problems.push(new CodedError('CONFIG_INVALID', `There are two tables "${name}".`, { place }))
  return tables.filter((_, n) => found[n]!.valid)
}

async function readComponents<K extends Kind>(
  section: 'sources' | 'outputs' | 'lookups',
  configured: Config['sources'],
  kinds: KindIndex<K>,
  commonSchema: z.ZodObject,
  yaml: YamlFile,
  problems: CodedError[],
): Promise<Found<K>[]> {
  const loaded = await Promise.all(Object.keys(configured).map((name) => kindOf(kinds, name)))
  return Object.entries(configured).flatMap(([kindName, named], index) => {
    const kind = loaded[index]
    if (!kind) {
      problems.push(unknownKey(kindName, Object.keys(kinds), yaml, [section], `kind of ${section.slice(0, -1)}`))
      return []
    }
    return Object.entries(named).map(([name, given]): Found<K> => {
      const path = [section, kindName, name]
      const shared = Object.keys(commonSchema.shape)
      const isCommon = ([key]: [string, unknown]) => Object.hasOwn(commonSchema.shape, key)
      const entries = Object.entries(given)
      const common = commonSchema.safeParse(Object.fromEntries(entries.filter(isCommon)))
      const options = kind.config.safeParse(Object.fromEntries(entries.filter((entry) => !isCommon(entry))))
      if (!common.success) problems.push(...issuesToProblems(common.error.issues, commonSchema, yaml, path))
      if (!options.success) problems.push(...issuesToProblems(options.error.issues, kind.config, yaml, path, shared))
      const valid = common.success && options.success
      return { name: `${kindName}:${name}`, kind, common: common.data, options: options.data, valid, path }
    })
  })
}

/** The problem of a value that names a thing which is not configured. */
export function unknownName(
  what: string,
  wrong: string,
  known: readonly string[],
  yaml: YamlFile,
  path: readonly PropertyKey[],
): CodedError {
  const problem = unknownKey(wrong, known, yaml, [], what)
  return new CodedError('CONFIG_UNKNOWN_NAME', problem.message, {
    place: yaml.place(path),
    ...(problem.hint !== undefined && { hint: problem.hint }),
  })
}
