import type { SecretKind } from '../core/component.ts'
import { CodedError, type Place } from '../core/errors.ts'
import { type KindIndex, kindOf } from '../core/kinds.ts'
import { secretUses } from '../core/secrets.ts'
import type { Config } from './config.ts'
import { issuesToProblems, unknownKey } from './issues.ts'
import type { YamlFile } from './yaml.ts'

/** A provider of secrets as configured. */
export interface ConfiguredSecrets {
  readonly kind: SecretKind
  readonly options: unknown
}

/** A `secret:NAME` of the configuration. */
export interface PlacedSecret {
  readonly name: string
  /** `outputs.webhook.hook.url` */
  readonly option: string
  readonly place: Place
}

/** What is asked where the configuration names no provider. */
const usual: NonNullable<Config['secrets']> = [{ environment: null }, { file: null }]

/** Checks each provider by its kind. Faults go to `problems`. */
export async function readSecrets(
  config: Config,
  kinds: KindIndex<SecretKind>,
  yaml: YamlFile,
  problems: CodedError[],
): Promise<ConfiguredSecrets[]> {
  const providers = (config.secrets ?? usual).map(
    (provider) => Object.entries(provider) as [[string, Record<string, unknown> | null]],
  )
  const loaded = await Promise.all(providers.map(([[name]]) => kindOf(kinds, name)))
  return providers.flatMap(([[name, given]], index) => {
    const path = ['secrets', index, name]
    const kind = loaded[index]
    if (!kind) {
      problems.push(unknownKey(name, Object.keys(kinds), yaml, path.slice(0, -1), 'provider of secrets'))
      return []
    }
    const options = kind.config.safeParse(given ?? {})
    if (options.success) return [{ kind, options: options.data }]
    problems.push(...issuesToProblems(options.error.issues, kind.config, yaml, path))
    return []
  })
}

/** Sections whose texts are for people. */
const prose = ['clusters']

/** Every `secret:NAME`, but those of sources that are not read. What begins as one and is none goes to `problems`. */
export function readSecretUses(yaml: YamlFile, problems: CodedError[]): PlacedSecret[] {
  return secretUses(yaml.value).flatMap(({ name, path }) => {
    if (prose.includes(String(path[0])) || isDisabled(path, yaml)) return []
    const [place, option] = [yaml.place(path), path.join('.')]
    if (name !== undefined) return [{ name, option, place }]
    const hint = 'Write secret:NAME, with letters, digits and _ . - + = @ / # in the name.'
    problems.push(new CodedError('CONFIG_INVALID', `${option} does not name a secret.`, { place, hint }))
    return []
  })
}

function isDisabled([section, kind, name]: readonly (string | number)[], { value }: YamlFile): boolean {
  if (section !== 'sources') return false
  type Sources = { sources?: Record<string, Record<string, { enabled?: unknown } | null> | null> }
  return (value as Sources).sources?.[kind!]?.[name!]?.enabled === false
}
