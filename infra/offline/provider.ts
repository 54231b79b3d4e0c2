/**
 * Stands in for Terraform's AWS provider, so that `terraform validate`, `plan` and `test` run without a network, an account or
 * the provider's 700 MB: `node infra/offline/provider.ts` prints what belongs into TF_REATTACH_PROVIDERS and serves until it is ended.
 * It knows the schema of each resource that `infra/` uses, and plans values that follow from names (ARNs, addresses). What is printed
 * second plans none: nothing may hang on what is known after apply only.
 */
import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import schemaFile from './aws-schema.json' with { type: 'json' }
import { policyDocument } from './policy-document.ts'
import { account, predicted, region } from './predict.ts'
import type { Block, ProviderSchema } from './schema.ts'
import {
  type DynamicValue,
  invented,
  isObject,
  isUnknown,
  mapAttributes,
  read,
  unknown,
  type Value,
  type ValueObject,
  write,
} from './values.ts'

const schema = schemaFile as unknown as ProviderSchema

interface Request {
  readonly type_name: string
  readonly config?: DynamicValue
  readonly raw_state?: { readonly json: Uint8Array }
  readonly current_state?: DynamicValue
  readonly prior_state?: DynamicValue
  readonly proposed_new_state?: DynamicValue
  readonly planned_state?: DynamicValue
}

interface Diagnostic {
  readonly severity: 1
  readonly summary: string
  readonly detail: string
  readonly attribute?: { readonly steps: readonly object[] }
}

const nestings = { single: 1, list: 2, set: 3 } as const

function schemaOf(block: Block): object {
  return {
    version: 0,
    attributes: block.attributes.map(({ name, type, use }) => ({
      ...{ name, type: Buffer.from(JSON.stringify(type)), required: use === 'required' },
      ...{ optional: use === 'optional' || use === 'both', computed: use === 'computed' || use === 'both' },
    })),
    block_types: block.blocks.map(({ name, nesting, min, max, block: inner }) => {
      return { type_name: name, nesting: nestings[nesting], min_items: min, max_items: max, block: schemaOf(inner) }
    }),
  }
}

const schemasOf = (blocks: Readonly<Record<string, Block>>) =>
  Object.fromEntries(Object.entries(blocks).map(([type, block]) => [type, { version: 0, block: schemaOf(block) }]))

/** Terraform leaves it to the provider to refuse a value for what only the provider gives. */
function misplaced(value: Value, block: Block, steps: readonly object[] = []): Diagnostic[] {
  if (!isObject(value)) return []
  const own = block.attributes
    .filter(({ name, use }) => use === 'computed' && value[name] !== null && value[name] !== undefined)
    .map(
      ({ name }): Diagnostic => ({
        severity: 1,
        summary: 'Value for unconfigurable attribute',
        detail: `"${name}" is decided by AWS: no value can be given.`,
        attribute: { steps: [...steps, { attribute_name: name }] },
      }),
    )
  const inner = block.blocks.flatMap(({ name, nesting, block: nested }) => {
    const held = value[name]
    const at = [...steps, { attribute_name: name }]
    if (!Array.isArray(held)) return misplaced(held, nested, at)
    return held.flatMap((item: Value, n) =>
      misplaced(item, nested, nesting === 'list' ? [...at, { element_key_int: n }] : at),
    )
  })
  return [...own, ...inner]
}

const isComputed = (use: string) => use === 'computed' || use === 'both'

type Foresee = typeof predicted

function plan({ type_name: type, config, proposed_new_state: proposal }: Request, foresee: Foresee): DynamicValue {
  const proposed = read(proposal)
  const block = schema.resources[type]!
  const given = read(config)
  const foreseen = foresee(type, given)
  const filled = mapAttributes(proposed, block, (value, { use }) =>
    (value ?? null) === null && isComputed(use) ? unknown : value,
  )
  if (!isObject(filled)) return write(filled)
  const top = block.attributes.map(({ name }) => [
    name,
    isUnknown(filled[name]) ? (foreseen[name] ?? unknown) : filled[name],
  ])
  return write({ ...filled, ...(Object.fromEntries(top) as ValueObject) })
}

function apply({ type_name: type, planned_state: planned }: Request): DynamicValue {
  const value = read(planned)
  const foreseen = predicted(type, value)
  const block = schema.resources[type]!
  return write(
    mapAttributes(value, block, (one, { name, type: of }) =>
      isUnknown(one) ? (foreseen[name] ?? invented(of, name)) : one,
    ),
  )
}

const data: Readonly<Record<string, (config: ValueObject) => ValueObject>> = {
  aws_iam_policy_document: policyDocument,
  aws_caller_identity: (config) => ({
    ...config,
    ...{ account_id: account, id: account, user_id: 'AIDAEXAMPLE', arn: `arn:aws:iam::${account}:user/deployer` },
  }),
  aws_region: (config) => ({ ...config, name: region, region, id: region }),
  aws_partition: (config) => ({ ...config, partition: 'aws', id: 'aws', dns_suffix: 'amazonaws.com' }),
}

function readData({ type_name: type, config }: Request): object {
  const block = schema.data[type]!
  try {
    const given = read(config)
    const found = data[type] && isObject(given) ? data[type](given) : given
    const filled = mapAttributes(found, block, (value, { name, type: of, use }) =>
      (value ?? null) === null && isComputed(use) ? invented(of, name) : value,
    )
    return { state: write(filled) }
  } catch (error) {
    return { diagnostics: [{ severity: 1, summary: `${type} cannot be read`, detail: String(error) }] }
  }
}

/** The state comes as JSON that may lack what was null. */
function upgrade({ type_name: type, raw_state: state }: Request): DynamicValue {
  const value = JSON.parse(Buffer.from(state!.json).toString()) as ValueObject
  const { attributes, blocks } = schema.resources[type]!
  return write(
    Object.fromEntries([
      ...attributes.map(({ name }) => [name, value[name] ?? null] as const),
      ...blocks.map(({ name, nesting }) => [name, value[name] ?? (nesting === 'single' ? null : [])] as const),
    ]),
  )
}

const wholeSchema = {
  provider: { version: 0, block: schemaOf(schema.provider) },
  resource_schemas: schemasOf(schema.resources),
  data_source_schemas: schemasOf(schema.data),
}

const handlersOf = (foresee: Foresee): Readonly<Record<string, (request: Request) => object>> => ({
  GetSchema: () => wholeSchema,
  PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
  ValidateResourceTypeConfig: ({ type_name: type, config }) => ({
    diagnostics: misplaced(read(config), schema.resources[type]!),
  }),
  ValidateDataSourceConfig: ({ type_name: type, config }) => ({
    diagnostics: misplaced(read(config), schema.data[type]!),
  }),
  Configure: () => ({}),
  UpgradeResourceState: (request) => ({ upgraded_state: upgrade(request) }),
  ReadResource: ({ current_state: state }) => ({ new_state: state }),
  PlanResourceChange: (request) => ({ planned_state: plan(request, foresee) }),
  ApplyResourceChange: (request) => ({ new_state: apply(request) }),
  ReadDataSource: readData,
  Stop: () => ({}),
})

const definition = loadSync(join(import.meta.dirname, 'tfplugin5.proto'), { keepCase: true, longs: Number })
const { tfplugin5 } = grpc.loadPackageDefinition(definition) as unknown as {
  tfplugin5: { Provider: grpc.ServiceClientConstructor }
}

/** Serves, and answers what belongs into TF_REATTACH_PROVIDERS. */
function serve(foresee: Foresee): Promise<string> {
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })
  server.addService(
    tfplugin5.Provider.service,
    Object.fromEntries(
      Object.entries(handlersOf(foresee)).map(([name, handle]) => {
        const answer: grpc.handleUnaryCall<Request, object> = (call, done) => {
          try {
            done(null, handle(call.request))
          } catch (error) {
            done({ code: grpc.status.INTERNAL, message: String(error instanceof Error ? error.stack : error) })
          }
        }
        return [name, answer]
      }),
    ),
  )
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) return reject(error)
      // Terraform watches this process, and gives up when it is gone: it must be there, and one that may be ended.
      const reattach = {
        Protocol: 'grpc',
        ProtocolVersion: 5,
        Pid: process.pid,
        Test: true,
        Addr: { Network: 'tcp', String: `127.0.0.1:${port}` },
      }
      resolve(JSON.stringify({ 'registry.terraform.io/hashicorp/aws': reattach }))
    })
  })
}

process.stdout.write(`${await serve(predicted)}\n${await serve(() => ({}))}\n`)
