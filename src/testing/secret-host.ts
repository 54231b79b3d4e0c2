import { join } from 'node:path'
import type { SecretHost } from '../core/component.ts'
import { CodedError } from '../core/errors.ts'

/** Surroundings of a provider of secrets; the home folder is `dir`/home, and the clock stands at 2026-02-03T10:02:12Z. */
export function createSecretHost(dir: string, options: Partial<SecretHost> = {}): SecretHost {
  return {
    projectDir: dir,
    stateDir: join(dir, '.streamalert'),
    env: { HOME: join(dir, 'home') },
    now: () => 1_770_112_932_000,
    secret: (name) => Promise.reject(new CodedError('SECRET_MISSING', `The secret "${name}" has no value.`)),
    ...options,
  }
}
