import { z } from 'zod'
import { defineSecrets } from '../core/component.ts'

/** Secrets from environment variables: `on-call` is STREAMALERT_SECRET_ON_CALL. An empty variable counts as absent. */
export default defineSecrets({
  name: 'environment',
  summary: 'Environment variables: `secret:on-call` is `STREAMALERT_SECRET_ON_CALL`.',
  config: z.strictObject({
    prefix: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$|^$/, 'is not the beginning of a variable: use letters, digits and underscores')
      .default('STREAMALERT_SECRET_')
      .meta({ description: 'Begins the name of each variable.' }),
  }),
  examples: [{ title: 'Variables as they are: `secret:SLACK_TOKEN` is `SLACK_TOKEN`', config: { prefix: '' } }],
  create({ prefix }, { env }) {
    const valueOf = (name: string) => env[variableOf(name, prefix)] || undefined
    return {
      get: async (name) => valueOf(name),
      advice: (name) => `set the environment variable ${variableOf(name, prefix)}`,
      local: {
        has: async (name) => valueOf(name) !== undefined,
        // Without a prefix, every variable would count as a secret.
        list: async () =>
          Object.keys(env)
            .filter((variable) => prefix !== '' && variable.startsWith(prefix) && env[variable])
            .map((variable) => ({ name: variable.slice(prefix.length) })),
      },
    }
  },
})

const variableOf = (name: string, prefix: string): string => prefix + name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
