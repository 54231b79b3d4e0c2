import type { CodedError } from '../core/errors.ts'
import { oldOutputs, settings } from './forms.ts'
import { check, type Files, readFile } from './read.ts'
import { type Entry, notConvertible } from './report.ts'

/** An output of the predecessor's as one of ours, its options as lines of YAML. */
export interface OutputDraft {
  readonly kind: string
  readonly name: string
  readonly options: readonly DraftOption[]
}

export interface DraftOption {
  readonly name: string
  /** YAML: an example where only AWS Systems Manager knew the value. */
  readonly value: string
  /** Where the value is to be taken from. */
  readonly note?: string
}

/** How the options of a kind come about. */
interface Mapping {
  /** Our kind, where it has another name. */
  readonly kind?: string
  /** From the resource that stood in `conf/outputs.json`. */
  readonly resource?: (resource: string) => DraftOption
  /** Ours, by the name of the property they had. `secret`: it becomes `secret:NAME`. */
  readonly fields?: readonly Field[]
  /** What is as it was before only if it is said. */
  readonly fixed?: readonly DraftOption[]
}

interface Field {
  readonly to: string
  readonly from: string
  /** An example; absent for secrets. */
  readonly example?: string
}

const secret = (to: string, from: string): Field => ({ to, from })
const field = (to: string, from: string, example: string): Field => ({ to, from, example })
const option = (name: string) => (resource: string) => ({ name, value: JSON.stringify(resource) })
const record: DraftOption = { name: 'payload', value: 'record', note: 'as before; the default is the whole alert' }

const jira = (user: Field, token: string): readonly Field[] => [
  field('url', 'url', 'https://jira.example.com'),
  user,
  secret('token', token),
  field('project', 'project_key', 'KEY'),
  field('issueType', 'issue_type', 'Task'),
  field('aggregate', 'aggregate', 'false'),
]

/** All services of the predecessor, with the properties it asked for (`get_user_defined_properties` of each of its outputs). */
const mappings: Readonly<Record<string, Mapping>> = {
  'aws-cloudwatch-log': { fields: [field('group', 'the log group of the function', 'streamalert')] },
  'aws-firehose': { resource: option('stream') },
  'aws-lambda': { resource: option('function'), fixed: [record] },
  'aws-lambda-v2': {
    kind: 'aws-lambda',
    fields: [
      field('function', 'lambda_function_arn', 'arn:aws:lambda:eu-central-1:123456789012:function:name'),
      field('qualifier', 'function_qualifier', 'production'),
      field('assumeRole', 'assume_role_arn', "{ arn: 'arn:aws:iam::123456789012:role/name' }"),
    ],
    fixed: [record],
  },
  'aws-s3': { resource: option('bucket') },
  'aws-ses': {
    fields: [field('from', 'from_email', 'alerts@example.com'), field('to', 'to_emails', '[security@example.com]')],
  },
  'aws-sns': { resource: (topic) => located('topic', topic, 'arn:aws:sns:eu-central-1:123456789012:') },
  'aws-sqs': {
    resource: (queue) => located('queue', queue, 'https://sqs.eu-central-1.amazonaws.com/123456789012/'),
    fixed: [record],
  },
  carbonblack: { fields: [field('url', 'url', 'https://carbonblack.example.com'), secret('token', 'token')] },
  demisto: { fields: [field('url', 'url', 'https://xsoar.example.com'), secret('token', 'token')] },
  github: {
    fields: [
      field('repository', 'repository', 'owner/name'),
      field('labels', 'labels', '[]'),
      secret('token', 'access_token'),
    ],
  },
  jira: {
    fields: jira(
      field('email', 'username (of Jira Cloud; else leave it out)', 'alerts@example.com'),
      'password, which is a token now',
    ),
  },
  'jira-v2': { kind: 'jira', fields: jira(field('email', 'user_name', 'alerts@example.com'), 'api_key') },
  komand: { fields: [secret('url', 'url'), secret('token', 'komand_auth_token')] },
  pagerduty: { fields: [secret('serviceKey', 'service_key')] },
  'pagerduty-v2': { fields: [secret('routingKey', 'routing_key')] },
  'pagerduty-incident': {
    fields: [
      secret('integrationKey', 'integration_key'),
      secret('token', 'token'),
      field('from', 'email_from', 'alerts@example.com'),
      field('escalationPolicy', 'escalation_policy_id', 'PABC123'),
    ],
  },
  phantom: { fields: [field('url', 'url', 'https://soar.example.com'), secret('token', 'ph_auth_token')] },
  slack: { fields: [secret('url', 'url')] },
  teams: { fields: [secret('url', 'that of a workflow: connectors were retired')] },
  victorops: { fields: [secret('apiKey', 'victorops_api_key'), field('routingKey', 'routing_key', 'team')] },
}

/** A full address; before, the name alone was enough. */
function located(name: string, resource: string, before: string): DraftOption {
  if (/^(arn|https):/.test(resource)) return { name, value: JSON.stringify(resource) }
  return { name, value: JSON.stringify(before + resource), note: 'put in your region and account' }
}

/** Reads `conf/outputs.json`. What else they need was kept in AWS Systems Manager, so no output is complete. `kinds`: those of this version. */
export function convertOutputs(files: Files, kinds: readonly string[], problems: CodedError[]) {
  const read = readFile(files, 'conf/outputs.json', settings, problems)
  const old = Object.entries(read?.value ?? {}).flatMap(([service, given]) => {
    const named = check(given, oldOutputs, read!, [service], problems) ?? []
    const pairs = Array.isArray(named) ? named.map((name) => [name, undefined] as const) : Object.entries(named)
    return pairs.map(([name, resource]) => ({ service, name, resource }))
  })
  const outputs: OutputDraft[] = []
  const entries = old.map(({ service, name, resource }): Entry => {
    const { kind = service, ...mapping } = (Object.hasOwn(mappings, service) && mappings[service]) || {}
    const taken = outputs.some((one) => one.kind === kind && one.name === name)
    const draft = { kind, name: taken ? `${name}-v2` : name }
    outputs.push({ ...draft, options: optionsOf(draft, mapping, resource) })
    const renamed = kind !== service || taken ? `it is ${kind}:${draft.name} here; ` : ''
    const note = kinds.includes(kind)
      ? `${renamed}fill in its options, which streamalert.yaml lists: addresses and credentials were kept in AWS Systems Manager`
      : `there are no outputs of the kind ${service}`
    return notConvertible('output', `${service}:${name}`, read!.place([service], true), note)
  })
  return { outputs, entries }
}

function optionsOf(
  { kind, name }: Pick<OutputDraft, 'kind' | 'name'>,
  mapping: Mapping,
  resource?: string,
): DraftOption[] {
  const { resource: place, fields = [], fixed = [] } = mapping
  return [
    ...(place && resource !== undefined ? [place(resource)] : []),
    ...fields.map(({ to, from, example }) => ({
      name: to,
      value: example ?? `secret:${secretName(kind, name, to)}`,
      note: from === to ? 'as before' : `it was ${from}`,
    })),
    ...fixed,
  ]
}

/** `SLACK_ON_CALL_URL`: such names can be those of environment variables. */
const secretName = (...parts: readonly string[]) =>
  parts
    .map((part) =>
      part
        .replace(/([a-z])([A-Z])/g, '$1_$2')
        .replace(/\W+|-/g, '_')
        .toUpperCase(),
    )
    .join('_')
