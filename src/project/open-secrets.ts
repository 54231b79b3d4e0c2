import type { SecretProvider } from '../core/component.ts'
import { CodedError, problemsOf } from '../core/errors.ts'
import { nearestName } from '../core/nearest.ts'
import { type Project, stateFolder } from './load.ts'

/** The providers of a project, ready to be asked. */
export interface ProjectSecrets {
  /** The value, of the first provider that has one. Throws SECRET_MISSING, and what providers throw. */
  get(name: string): Promise<string>
  /** With the names of their kinds. */
  readonly providers: readonly { readonly name: string; readonly provider: SecretProvider }[]
}

/** What the providers of secrets need of where the engine runs. */
export interface SecretSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
}

/** Makes the providers of a project. Nothing is asked, read or decrypted until a secret is wanted. */
export function openSecrets(project: Project, { env, now }: SecretSurroundings): ProjectSecrets {
  const providers: { name: string; provider: SecretProvider }[] = []
  for (const { kind, options } of project.secrets) {
    const before = [...providers]
    const secret = (name: string) => firstOf(before, name)
    const host = { projectDir: project.dir, stateDir: stateFolder(project), env, now, secret }
    providers.push({ name: kind.name, provider: kind.create(options, host) })
  }
  return { providers, get: (name) => firstOf(providers, name) }
}

async function firstOf(providers: ProjectSecrets['providers'], name: string): Promise<string> {
  for (const { provider } of providers) {
    const value = await provider.get(name)
    if (value !== undefined) return value
  }
  throw new CodedError('SECRET_MISSING', `The secret "${name}" has no value.`, {
    hint: sentence(adviceFor(name, providers)),
  })
}

function adviceFor(name: string, providers: ProjectSecrets['providers']): string {
  const phrases = providers.map(({ provider }) => provider.advice(name))
  return `${phrases.join(', or ') || 'configure a provider of secrets'}.`
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`

/**
 * The secrets that the configuration names and no provider has, each where it stands. Providers on other machines are only asked with
 * `remote`; without, what they alone might have counts as there.
 */
export async function checkSecrets(
  project: Project,
  secrets: ProjectSecrets,
  { remote }: { readonly remote: boolean },
): Promise<readonly CodedError[]> {
  const { providers } = secrets
  const mayBeElsewhere = !remote && providers.some(({ provider }) => !provider.local)
  const problems = await Promise.all(
    project.secretUses.map(async ({ name, place }) => {
      try {
        if (await isThere(name, providers, remote)) return []
        return mayBeElsewhere ? [] : [await missing(name, place, providers)]
      } catch (error) {
        return problemsOf(error).map(({ code, message, hint }) => {
          return new CodedError(code, message, { place, ...(hint !== undefined && { hint }) })
        })
      }
    }),
  )
  // A file that cannot be read is one fault, however many secrets are looked for in it.
  return problems.flat().filter(({ code, message }, index, all) => {
    return code === 'SECRET_MISSING' || all.findIndex((other) => other.message === message) === index
  })
}

async function isThere(name: string, providers: ProjectSecrets['providers'], remote: boolean): Promise<boolean> {
  for (const { provider } of providers) {
    if (provider.local ? await provider.local.has(name) : remote && (await provider.get(name)) !== undefined)
      return true
  }
  return false
}

async function missing(name: string, place: CodedError['place'], providers: ProjectSecrets['providers']) {
  const known = await Promise.all(providers.map(async ({ provider }) => provider.local?.list() ?? []))
  const meant = nearestName(
    name,
    known.flat().map((entry) => entry.name),
  )
  const advice = adviceFor(name, providers)
  const hint = meant === undefined ? sentence(advice) : `Did you mean "${meant}"? Else ${advice}`
  return new CodedError('SECRET_MISSING', `There is no secret "${name}".`, { place, hint })
}
