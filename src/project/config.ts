import { z } from 'zod'
import { awsConfig } from './aws/config.ts'
import { addressOf, addressOption, isLoopback } from '../sources/listen/address.ts'
import { tokenOption } from '../sources/listen/token.ts'
import { delivery, outputDelivery } from './delivery.ts'
import { duration, size } from './units.ts'

/** The name of the configuration file within a project folder. */
export const configFile = 'streamalert.yaml'

/** The name of a cluster, a source or an output. */
export const clusterName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'is not a name: use letters, digits, dashes and underscores')

/** Output names as rules write them. */
const componentName = z.string().regex(/^[^:\s]+:[^:\s]+$/, 'is not the name of an output: write kind:name')

const cluster = z
  .strictObject({ description: z.string().optional().meta({ description: 'What the environment is.' }) })
  .nullable()
  .transform((value) => value ?? {})

/** Options that every source has, whatever its kind. */
export const sourceOptions = z.strictObject({
  cluster: clusterName
    .optional()
    .meta({ description: 'Where its records come from. May be left out when there is only one cluster.' }),
  schemas: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({ description: 'Log types it may hold: names, groups (`osquery`) or globs (`osquery:*`). Default: all.' }),
  enabled: z.boolean().default(true).meta({ description: 'False: it is not read.' }),
  silentAfter: duration
    .optional()
    .meta({ description: 'When no record came for this long, an alert is raised (`health.outputs`). Default: never.' }),
})

/** Options that every output has, whatever its kind. */
export const outputOptions = z.strictObject({
  delivery: outputDelivery,
  publishers: z.array(z.string().min(1)).default([]).meta({
    description:
      'Publishers that say what it tells of every alert, before those of the rule. Default: the default publication.',
  }),
})

/** Options that every lookup has, whatever its kind. */
export const lookupOptions = z.strictObject({})

/** kind → name → options. The options themselves are checked by the kind's own declaration. */
const components = z.record(z.string(), z.record(clusterName, z.record(z.string(), z.unknown())))

const workers = z.strictObject({
  count: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'Workers that parse and run rules. Default: one for each core.' }),
  isolation: z.enum(['thread', 'process']).default('thread').meta({
    description:
      'What a worker is: a thread, which contains accidents, or a process that may read code and nothing else, for rules that are not trusted.',
  }),
  memory: size.prefault('512MB').meta({ description: 'Memory one worker may use.' }),
  ruleTimeout: duration.prefault('1s').meta({ description: 'Time a rule has for one record.' }),
})

const merge = z.strictObject({
  lateness: duration.prefault('30s').meta({ description: 'How long a window waits for late records after its end.' }),
})

const retention = z.strictObject({
  alerts: duration.prefault('90d').meta({ description: 'How long alerts are kept.' }),
  hits: duration.prefault('14d').meta({ description: 'How long single matches of closed windows are kept.' }),
  quarantine: duration.prefault('30d').meta({ description: 'How long records that nothing understood are kept.' }),
  maxBytes: size.prefault('5GB').meta({ description: 'Size of the whole state; past it the oldest goes first.' }),
})

const storage = z.strictObject({
  path: z
    .string()
    .min(1)
    .default('.streamalert')
    .meta({ description: 'Folder of the state, from the project folder.' }),
  retention: retention.prefault({}).meta({ description: 'Bounds on what is kept.' }),
})

const staging = z.strictObject({
  newRules: z
    .union([duration, z.literal(false)])
    .default(false)
    .meta({ description: 'Time for which rules that are new begin staged: they store their alerts and send none.' }),
  maxAlerts: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Alerts a staged rule may have raised to be promoted by itself when its time has passed.' }),
  digest: z
    .strictObject({
      outputs: z.array(componentName).default([]).meta({ description: 'Where it goes. Default: nowhere.' }),
      every: duration.prefault('1d').meta({ description: 'How often.' }),
    })
    .prefault({})
    .meta({ description: 'A message that counts the alerts of each staged rule.' }),
})

/** One provider of secrets: its kind, with its options. */
const secretProvider = z
  .record(z.string(), z.record(z.string(), z.unknown()).nullable())
  .refine((provider) => Object.keys(provider).length === 1, 'must name one provider')

const health = z.strictObject({
  outputs: z.array(componentName).default([]).meta({
    description: 'Where alerts on the engine and its rules go. Default: nowhere; `status` tells all the same.',
  }),
  errorShare: z
    .number()
    .gt(0)
    .lte(1)
    .default(0.05)
    .meta({ description: 'A rule that fails on more than this share of its records raises an alert, once an hour.' }),
  window: duration.prefault('10m').meta({ description: 'Time over which failures are counted.' }),
  silentAfter: duration
    .prefault('24h')
    .meta({ description: 'A rule is blind when no record of its log types came for this long.' }),
})

const metrics = z
  .strictObject({
    listen: addressOption.meta({
      description: 'Address and port for Prometheus: `/metrics`, and `/healthz`. Such as `127.0.0.1:9464`.',
    }),
    tokens: z.array(tokenOption).default([]).meta({
      description:
        'Tokens of which a request must bring one (`Authorization: Bearer`): `secret:NAME`, or `sha256:` and the hash of a token. Needed beyond loopback.',
    }),
  })
  .refine(({ listen, tokens }) => isLoopback(addressOf(listen).host) || tokens.length > 0, {
    message: 'is needed where others can connect: name a token, or listen on 127.0.0.1',
    path: ['tokens'],
  })

/**
 * The form of streamalert.yaml. In: durations as `30s`, sizes as `512MB`. Out: milliseconds and bytes, defaults filled in.
 * Component options stay as they are: `project/components.ts` checks them.
 */
export const config = z.strictObject({
  clusters: z
    .record(clusterName, cluster)
    .refine((clusters) => Object.keys(clusters).length > 0, 'names no cluster')
    .prefault({ default: {} })
    .meta({ description: 'The environments that logs come from, such as prod, pci, office.' }),
  sources: components.default({}).meta({ description: 'Where logs come from: kind → name → options.' }),
  outputs: components.default({}).meta({ description: 'Where alerts go: kind → name → options.' }),
  lookups: components.default({}).meta({
    description:
      'Tables that rules read: kind → name → options. Each .json and .csv file in `lookups/` is one without being named here.',
  }),
  secrets: z.array(secretProvider).min(1, 'is an empty list: leave it out').optional().meta({
    description:
      'Where values written `secret:NAME` come from, the first that has one: a list of kind → options. Default: `environment`, then `file`.',
  }),
  defaults: z
    .strictObject({
      outputs: z.array(componentName).default([]).meta({ description: 'Outputs of rules that name none.' }),
    })
    .prefault({})
    .meta({ description: 'What rules need not say.' }),
  library: z.array(z.string().min(1)).default([]).meta({
    description:
      'Rules of the built-in library that run beside the own ones: names or globs of `vendor/name` (`okta/*`). Default: none.',
  }),
  terminal: z.boolean().default(true).meta({ description: 'Show each alert where `streamalert run` runs.' }),
  workers: workers.prefault({}).meta({ description: 'What parses logs and runs rules.' }),
  merge: merge.prefault({}).meta({ description: 'How alerts are merged.' }),
  staging: staging.prefault({}).meta({ description: 'How new rules prove themselves before they alert.' }),
  health: health.prefault({}).meta({ description: 'When the engine itself alerts.' }),
  metrics: metrics.optional().meta({ description: 'How the engine does, for Prometheus. Default: off.' }),
  delivery: delivery.prefault({}).meta({ description: 'How often, how long and how fast alerts are sent.' }),
  storage: storage.prefault({}).meta({ description: 'Where state is kept, and how much.' }),
  aws: awsConfig.optional().meta({ description: 'Deployment to AWS (`streamalert deploy`).' }),
})

/** The configuration with durations in milliseconds and sizes in bytes. */
export type Config = z.output<typeof config>
