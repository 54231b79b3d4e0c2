import { parseJson } from '../../../../core/json.ts'
import type { SpoolEntry } from '../../../spool/index.ts'
import { type Exchange, type Intake, json, type RecordOptions } from '../../exchange.ts'
import { field, fieldsOf, jsonEntry, objectEntry } from '../../records.ts'

/** An answer for one item; the order is that of the request. */
type Item = Readonly<Record<string, unknown>>

/**
 * Lines in pairs: an action, and the document it is about. `index` and `create` are taken; whatever else is asked for, and
 * what is no JSON, gets its own error, and its neighbours none. With `envelope`, a record is `{_index, _id, _source}`.
 */
export function bulk({ body, path }: Exchange, options: RecordOptions): Intake {
  const entries: SpoolEntry[] = []
  const items: Item[] = []
  let errors = 0
  const fail = (action: string, index: unknown, id: unknown, status: number, type: string, reason: string) => {
    errors++
    items.push({ [action]: { _index: index, _id: id, status, error: { type, reason } } })
  }
  const lines = linesOf(body)
  for (let next = lines.next(); !next.done; next = lines.next()) {
    if (next.value.length === 0) continue
    const { action, target } = actionOf(next.value)
    const index = field(target, '_index') ?? path.split('/').at(-2) ?? ''
    const id = field(target, '_id') ?? null
    if (action === undefined || action === 'delete') {
      const reason = action === undefined ? 'The line names no action.' : 'Records are never deleted.'
      fail(action ?? 'index', index, id, 400, 'illegal_argument_exception', reason)
      continue
    }
    const source = lines.next()
    const document = source.done || source.value.length === 0 ? undefined : parseJson(source.value.toString())
    if (action === 'update') fail(action, index, id, 400, 'illegal_argument_exception', 'Records are never updated.')
    else if (!document || !('value' in document) || !fieldsOf(document.value)) {
      fail(action, index, id, 400, 'document_parsing_exception', 'The document is no JSON object.')
    } else {
      const { value } = document
      entries.push(
        options.envelope
          ? jsonEntry({ _index: index, _id: id, _source: value })
          : objectEntry(value, options, source.value as Buffer),
      )
      items.push({ [action]: { _index: index, _id: id, ...created } })
    }
  }
  return { entries, refused: errors, answer: json(200, { took: 0, errors: errors > 0, items }) }
}

const created = {
  _version: 1,
  result: 'created',
  _shards: { total: 1, successful: 1, failed: 0 },
  _seq_no: 0,
  _primary_term: 1,
  status: 201,
}

const actions = ['index', 'create', 'update', 'delete'] as const

function actionOf(line: Buffer): { readonly action?: (typeof actions)[number]; readonly target?: unknown } {
  const parsed = parseJson(line.toString())
  const fields = 'value' in parsed ? fieldsOf(parsed.value) : undefined
  const action = actions.find((name) => fields && Object.hasOwn(fields, name))
  return action ? { action, target: fields![action] } : {}
}

/** Lines without their ends, as views. */
function* linesOf(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; ) {
    const feed = body.indexOf(10, from)
    const end = feed < 0 ? body.length : feed
    yield body.subarray(from, end > from && body[end - 1] === 13 ? end - 1 : end)
    from = end + 1
  }
}
