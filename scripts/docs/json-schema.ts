import { z } from 'zod'
import { config, lookupOptions, outputOptions, sourceOptions } from '../../src/project/index.ts'
import { lookups, outputs, secrets, sources } from './kinds.ts'

/** The part of JSON Schema that zod writes for our declarations. */
export interface JsonSchema {
  type?: string | string[]
  description?: string
  default?: unknown
  const?: unknown
  enum?: unknown[]
  secret?: boolean
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | boolean
  propertyNames?: JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  allOf?: JsonSchema[]
  pattern?: string
  [key: string]: unknown
}

/** What a person may write: before defaults and conversions. */
export function toJsonSchema(type: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return schema
}

interface Kind {
  readonly name: string
  readonly summary: string
  readonly config: z.ZodType
}

/** The JSON Schema of streamalert.yaml with the options of every built-in source and output. */
export function projectSchema(): JsonSchema {
  const whole = toJsonSchema(config)
  const {
    sources: sourcesPart,
    outputs: outputsPart,
    lookups: lookupsPart,
    secrets: secretsPart,
    ...rest
  } = whole.properties ?? {}
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'streamalert.yaml',
    ...whole,
    properties: {
      ...rest,
      sources: section(sourcesPart, sources, toJsonSchema(sourceOptions)),
      outputs: section(outputsPart, outputs, toJsonSchema(outputOptions)),
      lookups: section(lookupsPart, lookups, toJsonSchema(lookupOptions)),
      secrets: { ...secretsPart, items: provider() },
    },
  }
}

/** One provider of secrets: its kind → its options. */
function provider(): JsonSchema {
  const properties = secrets.map(({ name, summary, config: options }): [string, JsonSchema] => {
    return [name, { description: summary, anyOf: [toJsonSchema(options), { type: 'null' }] }]
  })
  const kinds = Object.fromEntries(properties)
  return { type: 'object', minProperties: 1, maxProperties: 1, additionalProperties: false, properties: kinds }
}

/** kind → name → options. */
function section(part: JsonSchema | undefined, kinds: readonly Kind[], common: JsonSchema): JsonSchema {
  const properties = kinds.map(({ name, summary, config: options }) => {
    const named = { type: 'object', description: summary, additionalProperties: merged(toJsonSchema(options), common) }
    return [name, named] as const
  })
  return {
    type: 'object',
    ...(part?.description !== undefined && { description: part.description }),
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  }
}

/** The options of a kind and those that all kinds share, as one object. */
function merged(own: JsonSchema, common: JsonSchema): JsonSchema {
  if (own.anyOf) return { ...own, anyOf: own.anyOf.map((one) => merged(one, common)) }
  const required = [...(own.required ?? []), ...(common.required ?? [])]
  return {
    ...own,
    properties: { ...own.properties, ...common.properties },
    ...(required.length > 0 && { required }),
  }
}
