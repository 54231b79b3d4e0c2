import { CodedError } from '../core/errors.ts'

/**
 * Secrets from environment variables: `on-call` is read from STREAMALERT_SECRET_ON_CALL.
 * The function it returns throws SECRET_MISSING when the variable is absent or empty.
 */
export function environmentSecrets(
  env: Readonly<Record<string, string | undefined>>,
): (name: string) => Promise<string> {
  return async (name) => {
    const variable = `STREAMALERT_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
    const value = env[variable]
    if (value) return value
    throw new CodedError('SECRET_MISSING', `The secret "${name}" has no value.`, {
      hint: `Set the environment variable ${variable}.`,
    })
  }
}
