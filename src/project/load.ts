import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { LookupKind, OutputKind, SecretKind, SourceKind } from '../core/component.ts'
import { CodedError, Problems, byPlace, messageOf } from '../core/errors.ts'
import type { KindIndex } from '../core/kinds.ts'
import { lookups as builtInLookups } from '../lookups/index.ts'
import { outputs as builtInOutputs } from '../outputs/index.ts'
import { secrets as builtInSecrets } from '../secrets/index.ts'
import { sources as builtInSources } from '../sources/index.ts'
import { checkAws } from './aws/check.ts'
import {
  type ConfiguredLookup,
  type ConfiguredOutput,
  type ConfiguredSource,
  readLookups,
  readOutputs,
  readSources,
  unknownName,
} from './components.ts'
import { type Config, clusterName, config as configSchema, configFile } from './config.ts'
import { codeFiles } from './files.ts'
import { issuesToProblems } from './issues.ts'
import { withTableFiles } from './lookups.ts'
import { libraryNames, libraryRules, rulesMeant } from './library.ts'
import { type ConfiguredSecrets, type PlacedSecret, readSecrets, readSecretUses } from './secrets.ts'
import { type YamlFile, parseYaml } from './yaml.ts'

/** A project folder, its configuration checked. No code of it has run. */
export interface Project {
  /** Absolute. */
  readonly dir: string
  /** The configuration file, absolute. */
  readonly file: string
  /** With defaults; durations in milliseconds, sizes in bytes. */
  readonly config: Config & { readonly workers: { readonly count: number } }
  /** Absolute, sorted. */
  readonly ruleFiles: readonly string[]
  /** Of the built-in rules, those that the configuration asks for. */
  readonly libraryFiles: readonly string[]
  readonly schemaFiles: readonly string[]
  readonly publisherFiles: readonly string[]
  /** Those that are enabled. */
  readonly sources: readonly ConfiguredSource[]
  readonly outputs: readonly ConfiguredOutput[]
  /** Tables that rules may read: those configured, and the files of `lookups/`. */
  readonly lookups: readonly ConfiguredLookup[]
  /** Providers of secrets, in the order in which they are asked. */
  readonly secrets: readonly ConfiguredSecrets[]
  /** Every `secret:NAME` of the configuration. */
  readonly secretUses: readonly PlacedSecret[]
}

/** The kinds of components a configuration may use. */
export interface Kinds {
  readonly sources: KindIndex<SourceKind>
  readonly outputs: KindIndex<OutputKind>
  readonly lookups?: KindIndex<LookupKind>
  readonly secrets?: KindIndex<SecretKind>
}

const builtIn: Kinds = { sources: builtInSources, outputs: builtInOutputs }

/** The name under which alerts are shown where `run` runs; every rule may name it without configuring it. */
export const terminalOutput = 'terminal:screen'

/**
 * Reads a project folder. Throws Problems with every fault of its configuration; places are relative to the folder.
 * CONFIG_MISSING when there is no streamalert.yaml.
 */
export async function loadProject(dir: string, kinds: Kinds = builtIn): Promise<Project> {
  const { project, problems } = await inspectProject(dir, kinds)
  if (problems.length > 0) throw new Problems(problems)
  return project
}

/**
 * Like `loadProject`, but answers what is right of the configuration beside what is wrong with it, so that the project's
 * code can be looked at all the same. Throws when there is no configuration, or none that is YAML. `text`: a configuration to
 * look at in place of the one that is written.
 */
export async function inspectProject(
  dir: string,
  kinds: Kinds = builtIn,
  text?: string,
): Promise<{ project: Project; problems: readonly CodedError[] }> {
  const absolute = resolve(dir)
  const file = join(absolute, configFile)
  const yaml = parseYaml(text ?? readConfig(file, absolute), configFile)
  const problems: CodedError[] = [...yaml.problems]
  const config = readValues(withoutEmpty(yaml), yaml, problems)
  const sources = await readSources(config, kinds.sources, yaml, problems)
  const outputs = await readOutputs(config, kinds.outputs, yaml, problems)
  checkOutputNames(config, yaml, problems)
  checkAws(config.aws, Object.keys(config.clusters), yaml, problems)
  const configured = await readLookups(config, kinds.lookups ?? builtInLookups, yaml, problems)
  const project: Project = {
    dir: absolute,
    file,
    config: { ...config, workers: { ...config.workers, count: config.workers.count ?? availableParallelism() } },
    ruleFiles: codeFiles(join(absolute, 'rules')),
    libraryFiles: readLibrary(config, yaml, problems),
    schemaFiles: codeFiles(join(absolute, 'schemas')),
    publisherFiles: codeFiles(join(absolute, 'publishers')),
    sources,
    outputs,
    lookups: await withTableFiles(configured, absolute, problems),
    secrets: await readSecrets(config, kinds.secrets ?? builtInSecrets, yaml, problems),
    secretUses: readSecretUses(yaml, problems),
  }
  return { project, problems: problems.toSorted(byPlace) }
}

function readConfig(file: string, dir: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new CodedError('CONFIG_MISSING', `${file} cannot be read: ${messageOf(error)}.`)
    throw new CodedError('CONFIG_MISSING', `There is no ${configFile} in ${dir}.`, {
      hint: 'Name a project with --project DIR, or make one with "streamalert init DIR".',
    })
  }
}

/** Sections whose entries are all commented out are null in YAML, and mean the same as absent ones. */
function withoutEmpty(yaml: YamlFile): unknown {
  if (yaml.value === null || yaml.value === undefined) return {}
  if (typeof yaml.value !== 'object' || Array.isArray(yaml.value)) return yaml.value
  return Object.fromEntries(Object.entries(yaml.value).filter(([, value]) => value !== null))
}

/** What is valid, with each invalid section replaced by its default, so that the other sections are still checked. */
function readValues(value: unknown, yaml: YamlFile, problems: CodedError[]): Config {
  const whole = configSchema.safeParse(value)
  if (whole.success) return whole.data
  problems.push(...issuesToProblems(whole.error.issues, configSchema, yaml))
  const sections = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const valid = sections.filter(([section, content]) => {
    const schema: z.ZodType | undefined = Object.hasOwn(configSchema.shape, section)
      ? configSchema.shape[section as keyof typeof configSchema.shape]
      : undefined
    return schema?.safeParse(content).success
  })
  return configSchema.parse({ clusters: clusterNames(value), ...Object.fromEntries(valid) })
}

/** The clusters that are there, even when what is said of them is wrong: sources that name them are not to blame. */
function clusterNames(value: unknown): Record<string, object> | undefined {
  const parsed = looseClusters.safeParse(value)
  if (!parsed.success || Object.keys(parsed.data.clusters).length === 0) return undefined
  return Object.fromEntries(Object.keys(parsed.data.clusters).map((name) => [name, {}]))
}

const looseClusters = z.object({ clusters: z.record(clusterName, z.unknown()) })

/** Outputs that are named beside rules must be configured. */
function checkOutputNames(config: Config, yaml: YamlFile, problems: CodedError[]): void {
  const known = outputNames(config)
  const check = (names: readonly string[], ...path: string[]) => {
    for (const [index, name] of names.entries())
      if (!known.includes(name)) problems.push(unknownName('output', name, known, yaml, [...path, index]))
  }
  check(config.defaults.outputs, 'defaults', 'outputs')
  check(config.staging.digest.outputs, 'staging', 'digest', 'outputs')
  check(config.health.outputs, 'health', 'outputs')
}

/** Files of the built-in rules that `library` names, each once. */
function readLibrary(config: Config, yaml: YamlFile, problems: CodedError[]): string[] {
  if (config.library.length === 0) return []
  const rules = libraryRules()
  const chosen = config.library.map((glob, index) => {
    const meant = rulesMeant(glob, rules)
    if (meant.length === 0)
      problems.push(unknownName('library rule', glob, libraryNames(rules), yaml, ['library', index]))
    return meant
  })
  return [...new Set(chosen.flat().map(({ file }) => file))]
}

/** The folder of a project's state, absolute. */
export const stateFolder = (project: Project): string => resolve(project.dir, project.config.storage.path)

/** The file in it that holds alerts, hits, quarantine and checkpoints. */
export const stateFile = (project: Project): string => join(stateFolder(project), 'state.db')

/** `kind:name` of every output a rule may name. */
export function outputNames(config: Config): string[] {
  const configured = Object.entries(config.outputs).flatMap(([kind, named]) =>
    Object.keys(named).map((name) => `${kind}:${name}`),
  )
  return [...new Set([...configured, terminalOutput])]
}
