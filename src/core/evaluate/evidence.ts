import type { Frame, Hit, LogRecord, QuarantineEntry } from '../contracts/index.ts'
import type { Code } from '../errors.ts'
import { type Hash, quarantineId } from '../ids.ts'
import { type Item, logRecord } from './item.ts'
import type { Tally } from './tally.ts'

/** Gathers what the rules find in one frame. Stored forms of records are made when first needed, once. */
export interface Evidence {
  record(n: number): LogRecord
  hit(hit: Hit): void
  /** The verdict of `rule` on record `n` failed. */
  fail(rule: string, n: number, reason: Code, message: string): void
  readonly verdicts: { readonly hits: readonly Hit[]; readonly quarantine: readonly QuarantineEntry[] }
}

export function createEvidence(frame: Frame, items: readonly Item[], hash: Hash, tally: Tally): Evidence {
  const hits: Hit[] = []
  const quarantine: QuarantineEntry[] = []
  const records = new Map<number, LogRecord>()
  const record = (n: number) => {
    const made = records.get(n) ?? logRecord(items[n]!, frame, hash)
    records.set(n, made)
    return made
  }
  return {
    record,
    hit(hit) {
      tally.add('hits', { rule: hit.rule })
      hits.push(hit)
    },
    fail(rule, n, reason, message) {
      tally.add('rule_errors', { rule, code: reason })
      quarantine.push(failedVerdict(rule, record(n), reason, message, hash))
    },
    verdicts: { hits, quarantine },
  }
}

function failedVerdict(rule: string, record: LogRecord, reason: Code, message: string, hash: Hash): QuarantineEntry {
  const { source, cluster, position, receivedAt, schema } = record
  return {
    id: quarantineId(hash, record.id, rule),
    kind: 'verdict',
    reason,
    message: message.slice(0, 2000),
    source,
    cluster,
    position,
    receivedAt,
    raw: new TextEncoder().encode(JSON.stringify(record)),
    rule,
    schema,
  }
}
