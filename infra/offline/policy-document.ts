import { isObject, type Value, type ValueObject } from './values.ts'

/**
 * What `data "aws_iam_policy_document"` gives
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document): the JSON of its statements,
 * after those of `source_policy_documents` and before those of `override_policy_documents`; a statement takes the place of an earlier
 * one with its Sid. Throws when two statements of the document itself have one Sid.
 */
export function policyDocument(config: ValueObject): ValueObject {
  const own = listOf(config['statement']).filter(isObject).map(statementOf)
  const sids = own.flatMap(({ Sid }) => (Sid === undefined ? [] : [Sid]))
  if (new Set(sids).size < sids.length) throw new Error(`duplicate Sid among ${sids.join(', ')}`)
  const statements: Statement[] = []
  const merge = (added: readonly Statement[]) => {
    for (const statement of added) {
      const at = statement.Sid === undefined ? -1 : statements.findIndex(({ Sid }) => Sid === statement.Sid)
      if (at < 0) statements.push(statement)
      else statements[at] = statement
    }
  }
  const documents = (key: string) =>
    textsOf(config[key]).map((text) => (JSON.parse(text) as { Statement?: Statement[] }).Statement ?? [])
  documents('source_policy_documents').forEach(merge)
  merge(own)
  documents('override_policy_documents').forEach(merge)
  const version = typeof config['version'] === 'string' ? config['version'] : '2012-10-17'
  const id = typeof config['policy_id'] === 'string' && { Id: config['policy_id'] }
  const document = { Version: version, ...id, Statement: statements }
  const minified = JSON.stringify(document)
  return {
    ...config,
    version,
    json: JSON.stringify(document, null, 2),
    minified_json: minified,
    id: minified.length.toString(),
  }
}

interface Statement {
  readonly Sid?: string
  readonly [key: string]: unknown
}

function statementOf(given: ValueObject): Statement {
  const sid = given['sid']
  const effect = given['effect']
  const conditions: Record<string, Record<string, string[]>> = {}
  for (const one of listOf(given['condition']).filter(isObject)) {
    const variables = (conditions[textOf(one['test'])] ??= {})
    ;(variables[textOf(one['variable'])] ??= []).push(...textsOf(one['values']))
  }
  const entries: readonly (readonly [string, unknown])[] = [
    ['Effect', typeof effect === 'string' ? effect : 'Allow'],
    ['Action', setOf(given['actions'])],
    ['NotAction', setOf(given['not_actions'])],
    ['Resource', setOf(given['resources'])],
    ['NotResource', setOf(given['not_resources'])],
    ['Principal', principalsOf(given['principals'])],
    ['NotPrincipal', principalsOf(given['not_principals'])],
    ['Condition', Object.keys(conditions).length === 0 ? undefined : mapObject(conditions, (of) => mapObject(of, one))],
  ]
  return {
    ...(typeof sid === 'string' && sid !== '' && { Sid: sid }),
    ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
  }
}

function principalsOf(given: Value): unknown {
  const all = listOf(given).filter(isObject)
  if (all.length === 0) return undefined
  const byType: Record<string, string[]> = {}
  for (const { type, identifiers } of all) (byType[textOf(type)] ??= []).push(...textsOf(identifiers))
  if (all.length === 1 && byType['*']?.length === 1 && byType['*'][0] === '*') return '*'
  return mapObject(byType, (names) => one(sorted(names)))
}

/** Texts as the provider writes a set: sorted downwards, one as a plain text, none not at all. */
const setOf = (given: Value): unknown => (listOf(given).length === 0 ? undefined : one(sorted(textsOf(given))))

const sorted = (texts: readonly string[]) => [...new Set(texts)].toSorted().toReversed()
const one = (texts: readonly string[]) => (texts.length === 1 ? texts[0] : texts)
const textOf = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value))
const listOf = (value: Value): readonly Value[] => (Array.isArray(value) ? (value as readonly Value[]) : [])
/** `&{…}` stands for `${…}`, which Terraform would take for its own. */
const textsOf = (value: Value): string[] => listOf(value).map((item) => textOf(item).replaceAll('&{', '${'))
const mapObject = <T, U>(given: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]))
