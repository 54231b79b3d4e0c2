import type { Hit, Severity } from '../contracts/index.ts'
import { type Hash, healthId } from '../ids.ts'
import { plural, span } from '../text/quantity.ts'
import type { Blind } from './blind.ts'
import type { Failing } from './failures.ts'
import type { Silent } from './silent.ts'

/** Names under which health alerts go out. */
export const failingRule = 'streamalert-rule-failing'
export const blindRule = 'streamalert-rule-blind'
export const silentRule = 'streamalert-source-silent'
export const backRule = 'streamalert-source-back'
export const healthSchema = 'streamalert:health'

/** What all health alerts of an engine have in common. */
export interface HealthOptions {
  readonly outputs: readonly string[]
  readonly cluster: string
  readonly now: number
  readonly hash: Hash
}

const hourMs = 3_600_000

/** A hit like any other, so that it is stored, sent and tried again as such. Its id is that of the rule and the hour. */
export function failingHit(failing: Failing, options: HealthOptions): Hit {
  const { rule, failed, asked, error } = failing
  const share = asked === 0 ? 1 : Math.min(failed / asked, 1)
  return hitOf(failingRule, [rule, String(Math.floor(options.now / hourMs))], options, {
    severity: 'high',
    title: `${rule} fails on ${(share * 100).toFixed(0)} % of its records`,
    description: `It failed ${failed} times on ${plural(asked, 'record')}, mostly with "${error}". "streamalert quarantine list --rule ${rule}" shows them; once it is mended, "quarantine retry" evaluates them again.`,
    data: { rule, failed, asked, share, error },
  })
}

/** One for all rules that look at the same. Its id is that of what they look at and of the silence's beginning. */
export function blindHit(blind: Blind, options: HealthOptions): Hit {
  const { schemas, clusters, rules, lastSeen } = blind
  const what = schemas.length === 0 ? 'any log type' : schemas.join(', ')
  const where = clusters.length === 0 ? '' : ` in ${clusters.join(', ')}`
  const since = lastSeen === null ? 'has ever come' : `has come for ${span(options.now - lastSeen)}`
  return hitOf(blindRule, [...schemas, '', ...clusters, '', String(lastSeen)], options, {
    severity: 'medium',
    title: `No record of ${what}${where}: ${plural(rules.length, 'rule')} blind`,
    description: `No record of ${what}${where} ${since}. What looks at it sees nothing: ${rules.join(', ')}.`,
    data: { ...blind, lastSeen: timeOf(lastSeen) },
  })
}

/** One for a silence. Its id is that of the source and of the silence's beginning. */
export function silentHit({ source, lastSeen }: Silent, options: HealthOptions): Hit {
  const since = lastSeen === null ? 'has ever come' : `has come for ${span(options.now - lastSeen)}`
  return hitOf(silentRule, [source, String(lastSeen)], options, {
    severity: 'high',
    title: `${source} is silent`,
    description: `No record of ${source} ${since}, which is longer than its "silentAfter". "streamalert status" tells whether it can be read.`,
    data: { source, lastSeen: timeOf(lastSeen) },
  })
}

/** The end of a silence. Its id is that of the silence. */
export function backHit({ source, lastSeen }: Silent, options: HealthOptions): Hit {
  const after = lastSeen === null ? '' : `, after ${span(options.now - lastSeen)}`
  return hitOf(backRule, [source, String(lastSeen)], options, {
    severity: 'info',
    title: `${source} is back`,
    description: `Records of ${source} come again${after}.`,
    data: { source, silentSince: timeOf(lastSeen) },
  })
}

const timeOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

interface Told {
  readonly severity: Severity
  readonly title: string
  readonly description: string
  readonly data: Readonly<Record<string, unknown>>
}

function hitOf(name: string, key: readonly string[], options: HealthOptions, { data, ...told }: Told): Hit {
  const { outputs, cluster, now, hash } = options
  const id = healthId(hash, name, key)
  const record = {
    ...{ id, schema: healthSchema, source: 'streamalert:health', cluster, position: `${name}#${id.slice(0, 8)}` },
    ...{ receivedAt: now, time: now, data },
  }
  return { id, rule: name, mode: 'live', ...told, context: {}, outputs, record }
}
