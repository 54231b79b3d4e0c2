import type { Frame, Hit, HitWindow, LogRecord, Mode, Rule, RuleContext, RuleInfo } from '../contracts/index.ts'
import { type Hash, hitId } from '../ids.ts'
import { type Path, compilePath } from '../paths.ts'
import { isPlainObject } from '../plain.ts'
import { isSeverity } from '../severity.ts'

/** Makes the hits of one rule. Compiled once per rule. */
export interface HitMaker {
  /**
   * The hit of a record that matched; undefined when the rule counts by a key that the record lacks.
   * `onError` hears of each computed part that threw: the alert then goes out with the part's default.
   */
  make(
    record: LogRecord,
    context: RuleContext,
    frame: Frame,
    onError: (part: string, error: unknown) => void,
  ): Hit | undefined
}

export function compileHitMaker(rule: Rule, hash: Hash): HitMaker {
  const { info } = rule
  const windowOf = compileWindow(info)
  return {
    make(record, context, frame, onError) {
      const data = record.data as never
      const computed = <T>(
        part: string,
        compute: (() => T) | undefined,
        fallback: T,
        valid: (value: T) => boolean,
      ): T => {
        if (!compute) return fallback
        try {
          const value = compute()
          if (valid(value)) return value
          onError(part, new TypeError(`${part} returned ${typeof value}`))
        } catch (error) {
          onError(part, error)
        }
        return fallback
      }
      const window = windowOf(record, {
        dedup: () => computed('dedup', rule.dedup && (() => rule.dedup!(data, context)), undefined, isText),
        completes: rule.then && (() => rule.then!(data, context) === true),
      })
      if (window === 'uncountable') return undefined
      const mode = modeOf(info, frame)
      const routed = computed('route', rule.route && (() => rule.route!(data, context)), [], isTexts)
      return {
        id: hitId(hash, info.name, record.id, mode),
        ...(mode === 'live' &&
          frame.rules?.promoted.has(info.name) && { seenAs: hitId(hash, info.name, record.id, 'staged') }),
        rule: info.name,
        mode,
        severity: computed(
          'severity',
          rule.severity && (() => rule.severity!(data, context)),
          info.severity,
          isSeverity,
        ),
        title: computed('title', rule.title && (() => rule.title!(data, context)), info.name, isText).slice(
          0,
          longestTitle,
        ),
        description: info.description,
        context: computed('context', rule.context && (() => plain(rule.context!(data, context))), {}, isPlainObject),
        outputs: [...new Set([...info.outputs, ...routed])],
        record,
        ...(window && { window }),
      }
    },
  }
}

/** A staged rule sends nothing, neither of what comes in nor of what is replayed. */
function modeOf({ name, staged }: RuleInfo, { mode, rules }: Frame): Mode {
  const isStaged = rules ? rules.staged.has(name) : staged !== undefined && staged !== false
  return isStaged && mode !== 'backtest' ? 'staged' : mode
}

/** A title is a line for people, characters. */
const longestTitle = 500
/** What a rule may add to its alert, characters as JSON. */
const longestContext = 65_536

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

/** A context may hold anything a rule makes; what leaves the worker is what JSON can carry. */
const plain = (value: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const text = JSON.stringify(value)
  if (text.length > longestContext) throw new RangeError(`context is longer than ${longestContext} characters`)
  return JSON.parse(text)
}

/** What of a window the rule computes: the key of a dedup (undefined when that fails), and whether a match completes a count. */
interface Computations {
  dedup(): string | undefined
  readonly completes: (() => boolean) | undefined
}

type WindowOf = (record: LogRecord, computed: Computations) => HitWindow | undefined | 'uncountable'

function compileWindow({ merge, dedup, threshold }: RuleInfo): WindowOf {
  if (merge) {
    const keyOf = compileKey(merge.by)
    const policy = { count: 1, ...(merge.limit !== undefined && { limit: merge.limit }) }
    return (record) => {
      const by = keyOf(record.data)
      return by && { ...windowAt(by, record, merge.windowMs), ...policy }
    }
  }
  if (dedup) {
    const keyOf = compileLooseKey(dedup.by)
    return (record, computed) => {
      const key = dedup.by.length === 0 ? computed.dedup() : undefined
      if (dedup.by.length === 0 && key === undefined) return undefined
      const by = key === undefined ? keyOf(record.data) : { key }
      return { ...windowAt(by, record, dedup.windowMs), count: 1 }
    }
  }
  if (threshold) {
    const keyOf = compileKey(threshold.per)
    const distinctOf = threshold.distinct === undefined ? undefined : compilePath(threshold.distinct)
    return (record, computed) => {
      const by = keyOf(record.data)
      const distinct = distinctOf?.first(record.data)
      if (!by || (distinctOf && (distinct === undefined || distinct === null))) return 'uncountable'
      return {
        ...windowAt(by, record, threshold.windowMs),
        count: threshold.count,
        ...(distinctOf && { distinct: typeof distinct === 'string' ? distinct : JSON.stringify(distinct) }),
        ...(computed.completes && { then: computed.completes() }),
      }
    }
  }
  return () => undefined
}

/** Clusters are kept apart: what happens in two of them is never one alert, nor counted together. */
function windowAt(by: Readonly<Record<string, unknown>>, { cluster, time }: LogRecord, lengthMs: number) {
  return {
    key: JSON.stringify([cluster, ...Object.values(by)]),
    by,
    start: Math.floor(time / lengthMs) * lengthMs,
    lengthMs,
  }
}

/** Field → value for all keys, or undefined when one is absent or null: a missing key is not a match. */
function compileKey(
  names: readonly string[],
): (data: Readonly<Record<string, unknown>>) => Record<string, unknown> | undefined {
  const paths: readonly (readonly [string, Path])[] = names.map((name) => [name, compilePath(name)])
  return (data) => {
    const entries: [string, unknown][] = []
    for (const [name, path] of paths) {
      const value = path.first(data)
      if (value === undefined || value === null) return undefined
      entries.push([name, value])
    }
    return Object.fromEntries(entries)
  }
}

/** Field → value for all keys; null where one is absent. */
function compileLooseKey(
  names: readonly string[],
): (data: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const paths = names.map((name) => [name, compilePath(name)] as const)
  return (data) => Object.fromEntries(paths.map(([name, path]) => [name, path.first(data) ?? null]))
}
