import { z } from 'zod'
import { awsError } from '../../aws/errors.ts'
import type { SecretHost, SecretProvider } from '../../core/component.ts'
import { CodedError } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'

/** How a provider on another machine is asked. */
export interface Remote {
  /** The text stored under an id; undefined when there is none. Throws anything. */
  ask(id: string): Promise<string | undefined>
  /** For people: `AWS Secrets Manager`. */
  readonly title: string
  readonly prefix: string
  readonly cacheMs: number
}

/** Options of providers on other machines. */
export const remoteOptions = {
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_.+=@/-]*$/, 'has characters that no name there may have')
    .default('')
    .meta({ description: 'Begins each name there: with `acme/`, `secret:slack` is `acme/slack`.' }),
  cacheSeconds: z
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .meta({ description: 'Seconds for which an answer is kept in memory; 0: not at all.' }),
}

/** An answer never lies longer in memory than the limit says. */
interface Answer {
  readonly value: Promise<string | undefined>
  readonly until: number
}

/**
 * A provider that asks another machine, once for all that want the same within `cacheMs`. `NAME#key` is the property `key`
 * of a secret whose text is a JSON object.
 */
export function remoteProvider(remote: Remote, host: Pick<SecretHost, 'now'>): SecretProvider {
  const answers = new Map<string, Answer>()

  function answerOf(id: string): Promise<string | undefined> {
    const now = host.now()
    for (const [key, { until }] of answers) if (until <= now) answers.delete(key)
    const known = answers.get(id)
    if (known) return known.value
    const value = ask(id, remote)
    if (remote.cacheMs > 0) {
      answers.set(id, { value, until: now + remote.cacheMs })
      // A failure is no answer: the next one asks again.
      value.catch(() => answers.delete(id))
    }
    return value
  }

  return {
    advice: (name) => `store it in ${remote.title} as ${remote.prefix}${split(name)[0]}`,
    async get(name) {
      const [id, property] = split(name)
      const text = await answerOf(remote.prefix + id)
      return text === undefined || property === undefined ? text || undefined : propertyOf(text, property, name, remote)
    },
  }
}

async function ask(id: string, remote: Remote): Promise<string | undefined> {
  try {
    return await remote.ask(id)
  } catch (error) {
    const { message, hint, retry, retryAfterMs } = awsError(error, {
      unavailable: 'SECRET_UNAVAILABLE',
      misconfigured: 'SECRET_UNAVAILABLE',
      rejected: 'SECRET_UNAVAILABLE',
    })
    throw new CodedError('SECRET_UNAVAILABLE', `${remote.title} does not give "${id}": ${message}`, {
      retry,
      ...(hint !== undefined && { hint }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    })
  }
}

/** `NAME#key` → its two parts. */
function split(name: string): [string, string | undefined] {
  const at = name.indexOf('#')
  return at < 0 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)]
}

/** Undefined: the object has no such property. What the text is instead is not said, for it is secret. */
function propertyOf(text: string, property: string, name: string, { title }: Remote): string | undefined {
  const parsed = parseJson(text)
  if (!('value' in parsed) || typeof parsed.value !== 'object' || parsed.value === null) {
    throw new CodedError('SECRET_UNAVAILABLE', `${title} has no JSON object for "${name}".`, {
      hint: 'Leave out # and what follows, or store a JSON object there.',
    })
  }
  if (!Object.hasOwn(parsed.value, property)) return undefined
  const value: unknown = parsed.value[property as keyof typeof parsed.value]
  return typeof value === 'string' ? value || undefined : JSON.stringify(value)
}
