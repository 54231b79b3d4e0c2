/** The forms of the predecessor's files. What they hold beyond is not looked at. */
import { z } from 'zod'

const texts = z.array(z.string())
const oneOrMore = z.union([z.string(), texts])
const anyObject = z.record(z.string(), z.unknown())

const normalisationPath = z.looseObject({
  path: texts.min(1),
  condition: z
    .looseObject({
      path: texts.min(1),
      is: z.string().optional(),
      is_not: z.string().optional(),
      in: oneOrMore.optional(),
      not_in: oneOrMore.optional(),
      contains: z.string().optional(),
      not_contains: z.string().optional(),
    })
    .optional(),
})
const normalisation = z.union([texts.min(1), z.array(normalisationPath).min(1)], {
  error: 'is neither a path nor a list of paths with their functions',
})

/** One log type of `conf/schemas/*.json`. */
export const oldSchema = z.looseObject({
  parser: z.enum(['json', 'csv', 'kv', 'syslog']),
  schema: anyObject,
  configuration: z
    .looseObject({
      json_path: z.string().min(1).optional(),
      embedded_json: z.boolean().optional(),
      json_regex_key: z.string().optional(),
      envelope_keys: anyObject.default({}),
      optional_envelope_keys: texts.default([]),
      optional_top_level_keys: texts.default([]),
      log_patterns: anyObject.default({}),
      priority: z.int().optional(),
      delimiter: z.string().min(1).optional(),
      quotechar: z
        .string()
        .max(1)
        .nullable()
        .transform((quote) => quote ?? '')
        .optional(),
      escapechar: z
        .string()
        .length(1)
        .nullable()
        .transform((escape) => escape ?? undefined)
        .optional(),
      separator: z.string().min(1).optional(),
      normalization: z.record(z.string(), normalisation).default({}),
    })
    .prefault({}),
})
export type OldSchema = z.output<typeof oldSchema>
export type OldNormalisation = z.output<typeof normalisation>

/** `conf/clusters/<name>.json`. */
export const oldCluster = z.looseObject({
  id: z.string().optional(),
  data_sources: z.record(z.string(), anyObject),
  classifier_config: anyObject.default({}),
  modules: anyObject.default({}),
  enable_threat_intel: z.boolean().default(false),
})

/** Log types of one data source. */
export const oldLogs = texts.min(1, 'names no log type')

/** One service of `conf/outputs.json`: the names of its outputs, for some with the AWS resource. */
export const oldOutputs = z.union([texts, z.record(z.string(), z.string())], {
  error: 'is neither a list of names nor a mapping of names to resources',
})

/** `conf/normalized_types.json`: vendor → semantic name → names of keys. */
export const oldNormalisedTypes = z.record(z.string(), z.record(z.string(), texts))

const oldTable = z.looseObject({
  driver: z.string(),
  bucket: z.string().optional(),
  key: z.string().optional(),
  table: z.string().optional(),
})
export type OldTable = z.output<typeof oldTable>

/** `conf/lookup_tables.json`. */
export const oldLookupTables = z.looseObject({ tables: z.record(z.string(), oldTable).default({}) })

/** Any file that is an object of settings. */
export const settings = anyObject

/** One event of a test file of rules. */
export const oldEvent = z
  .looseObject({
    description: z.string(),
    log: z.string(),
    service: z.string(),
    source: z.string(),
    data: z.union([anyObject, z.string()], { error: 'is neither a mapping nor a text' }).optional(),
    override_record: anyObject.optional(),
    trigger_rules: texts.optional(),
    classify_only: z.boolean().default(false),
    compress: z.boolean().optional(),
    publisher_tests: anyObject.optional(),
    skip_publishers: z.boolean().optional(),
    test_fixtures: z
      .looseObject({
        lookup_tables: z.record(z.string(), anyObject).default({}),
        threat_intel: z.array(z.looseObject({ ioc_value: z.string() })).default([]),
      })
      .optional(),
  })
  .refine((event) => (event.data === undefined) !== (event.override_record === undefined), {
    error: 'needs exactly one of data and override_record',
  })
export type OldEvent = z.output<typeof oldEvent>
