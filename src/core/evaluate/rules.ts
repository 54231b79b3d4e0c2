import type { Frame, Hit, LogRecord, QuarantineEntry, Rule } from '../contracts/index.ts'
import { type Code, messageOf } from '../errors.ts'
import { freezeDeep } from '../freeze.ts'
import { type Hash, quarantineId } from '../ids.ts'
import type { Guard } from './guard.ts'
import { compileHitMaker, type HitMaker } from './hit.ts'
import { createContext, type Item, logRecord } from './item.ts'
import type { Tally } from './tally.ts'

/** What the rules say of the records of a frame. */
export interface Verdicts {
  readonly hits: readonly Hit[]
  /** Verdicts that failed: the rule threw, or the guard left the pair out. */
  readonly quarantine: readonly QuarantineEntry[]
}

export interface RuleSet {
  evaluate(frame: Frame, items: readonly Item[], guard: Guard, tally: Tally): Verdicts
}

interface Ready {
  readonly index: number
  readonly rule: Rule
  readonly hits: HitMaker
}

/**
 * Prepares rules for evaluation. One rule sees all records of a frame before the next one does: its code and inline
 * caches stay hot (4 to 5 times faster at 3,000 rules than record by record).
 */
export function compileRules(rules: readonly Rule[], hash: Hash): RuleSet {
  const ready: Ready[] = rules.map((rule, index) => ({ index, rule, hits: compileHitMaker(rule, hash) }))
  const bySchema = new Map<string, Ready[]>()
  for (const one of ready) {
    if (!one.rule.info.enabled) continue
    for (const schema of one.rule.info.schemas) {
      bySchema.set(schema, [...(bySchema.get(schema) ?? []), one])
    }
  }
  const { at } = createContext()

  return {
    evaluate(frame, items, guard, tally) {
      const hits: Hit[] = []
      const quarantine: QuarantineEntry[] = []
      const records = new Map<number, LogRecord>()
      const recordOf = (n: number, item: Item) => {
        const record = records.get(n) ?? logRecord(item, frame, hash)
        records.set(n, record)
        return record
      }
      const fail = (one: Ready, n: number, item: Item, reason: Code, message: string) => {
        const rule = one.rule.info.name
        tally.add('rule_errors', { rule, code: reason })
        quarantine.push(failedVerdict(rule, recordOf(n, item), reason, message, hash))
      }
      for (const [schema, group] of groupBySchema(items)) {
        const applicable = (bySchema.get(schema) ?? []).filter(({ rule }) => concerns(rule, frame))
        if (applicable.length > 0) for (const n of group) freezeDeep(items[n]!.data)
        for (const one of applicable) {
          const { rule } = one
          let hitCount = 0
          for (const n of group) {
            const item = items[n]!
            const permission = guard.matching(one.index, n)
            if (permission !== 'run') {
              if (permission !== 'skip') fail(one, n, item, permission.reason, permission.message)
              continue
            }
            const context = at(frame, item)
            try {
              if (rule.match(item.data as never, context) !== true) continue
              const hit = one.hits.make(recordOf(n, item), context, frame, (part, error) => {
                tally.add('rule_errors', { rule: rule.info.name, code: `${part}: ${messageOf(error).slice(0, 200)}` })
              })
              if (!hit) continue
              hits.push(hit)
              hitCount++
            } catch (error) {
              fail(one, n, item, 'RULE_THREW', messageOf(error))
            }
          }
          tally.add('evaluated', { rule: rule.info.name }, group.length)
          if (hitCount > 0) tally.add('hits', { rule: rule.info.name }, hitCount)
        }
      }
      return { hits, quarantine }
    },
  }
}

const concerns = ({ info }: Rule, { cluster, verdictOf }: Frame) =>
  (info.clusters === undefined || info.clusters.includes(cluster)) && (verdictOf === undefined || verdictOf === info.name)

/** Schema name → indexes of its records, in order. */
function groupBySchema(items: readonly Item[]): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const [n, item] of items.entries()) {
    const group = groups.get(item.schema.name)
    if (group) group.push(n)
    else groups.set(item.schema.name, [n])
  }
  return groups
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
