import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { RuleInfo } from '../contracts/index.ts'
import {
  digestHit,
  due,
  enter,
  type Lives,
  modesOf,
  promote,
  promotions,
  readLives,
  type RuleLife,
  stage,
  type StagingConfig,
  writeLives,
} from './index.ts'

const sha256 = (text: string) => hash('sha256', text)
const hour = 3_600_000
const now = Date.UTC(2026, 2, 2)
const config = { newRules: 48 * hour, maxAlerts: 0 }
const off: StagingConfig = { ...config, newRules: false }

const info = (name: string, more: Partial<RuleInfo> = {}): RuleInfo => ({
  ...{ name, description: '', severity: 'low', schemas: [], types: [], outputs: [], tags: [], attack: [] },
  ...{ references: [], falsePositives: [], enabled: true },
  ...more,
})

/** The lives of all rules after rules were loaded, one list of rules after another, an hour apart. */
function lived(steps: readonly (readonly RuleInfo[])[], staging: StagingConfig = config): Lives {
  let lives: Lives = new Map()
  for (const [n, rules] of steps.entries()) lives = new Map([...lives, ...enter(rules, lives, staging, now + n * hour)])
  return lives
}

const staged = (since: number, more: object = {}) => ({ since, until: since + 48 * hour, maxAlerts: 0, ...more })

describe('how a rule begins', () => {
  it('a rule that is there at the first start is not new, whatever the project says of new ones', () => {
    expect(lived([[info('a')]])).toEqual(new Map([['a', { firstSeen: now, declared: null }]]))
  })

  it('a rule that comes later is staged where the project says so', () => {
    const steps = [[info('a')], [info('a'), info('b')]]
    expect(lived(steps).get('b')).toMatchObject({ firstSeen: now + hour, staged: staged(now + hour, { by: 'new' }) })
    expect(lived(steps, off).get('b')?.staged).toBeUndefined()
    expect(lived(steps).get('a')?.staged).toBeUndefined()
  })

  it('what a rule says of itself goes before what the project says', () => {
    const rules = [info('a', { staged: {} }), info('b', { staged: { forMs: hour, maxAlerts: 7 } })]
    expect(lived([rules], { ...off, maxAlerts: 3 }).get('a')?.staged).toEqual({
      since: now,
      maxAlerts: 3,
      by: 'rule',
    })
    expect(lived([rules]).get('b')?.staged).toEqual({ since: now, until: now + hour, maxAlerts: 7, by: 'rule' })
    expect(lived([[info('x')], [info('c', { staged: false })]]).get('c')?.staged).toBeUndefined()
  })

  it('a rule that is not enabled begins when it is', () => {
    const steps = [
      [info('a'), info('b', { enabled: false })],
      [info('a'), info('b')],
    ]
    expect(lived(steps.slice(0, 1)).has('b')).toBe(false)
    expect(lived(steps).get('b')?.staged).toMatchObject({ since: now + hour })
  })
})

describe('a rule that is loaded again', () => {
  const quiet = { staged: { forMs: 48 * hour } }

  it('stays as it is, whatever changed in it but its own `staged`', () => {
    const known = lived([[info('a', quiet), info('b')]])
    expect(enter([info('a', { ...quiet, description: 'better' }), info('b')], known, config, now + 9)).toEqual(
      new Map(),
    )
  })

  it('stays promoted, though it still says how it began', () => {
    const known = new Map([['a', promote(lived([[info('a', quiet)]]).get('a')!, 'hand', now)]])
    expect(enter([info('a', quiet)], known, config, now + 9)).toEqual(new Map())
  })

  it('follows its author, who edits its own `staged`', () => {
    expect(lived([[info('a', quiet)], [info('a')]]).get('a')).toMatchObject({ promotedAt: now + hour, by: 'rule' })
    expect(lived([[info('a')], [info('a', quiet)]]).get('a')?.staged).toMatchObject(staged(now + hour))
    const longer = info('a', { staged: { forMs: 72 * hour } })
    expect(lived([[info('a', quiet)], [longer]]).get('a')?.staged).toMatchObject({ since: now, until: now + 72 * hour })
    const isLive = lived([[info('x')], [info('a')], [info('a', { staged: false })]]).get('a')
    expect(isLive).toMatchObject({ promotedAt: now + 2 * hour, by: 'rule' })
  })

  it('stays staged by hand when its own `staged` goes', () => {
    const { firstSeen, declared } = lived([[info('a', quiet)]]).get('a')!
    const byHand = stage({ firstSeen, declared }, { since: now, maxAlerts: 0, by: 'hand' })
    expect(enter([info('a')], new Map([['a', byHand]]), config, now + 9).get('a')).toEqual({
      ...byHand,
      declared: null,
    })
  })

  it('has its whole time before it again after it was gone or disabled: only what ran can have been quiet', () => {
    for (const gone of [[], [info('a', { ...quiet, enabled: false })]]) {
      const away = lived([[info('a', quiet)], gone])
      expect(due(away, now + 99 * hour)).toEqual([])
      expect(modesOf(away).staged).toEqual(new Set(['a']))
      const back = lived([[info('a', quiet)], gone, gone, [info('a', quiet)]])
      expect(back.get('a')?.staged).toEqual(staged(now + 3 * hour, { by: 'rule' }))
    }
  })
})

describe('promotion', () => {
  const life = (more: Partial<RuleLife['staged'] & object> = {}): RuleLife => ({
    firstSeen: now,
    declared: null,
    staged: { since: now, until: now + hour, maxAlerts: 0, by: 'new', ...more },
  })
  const { until: _, ...open } = life().staged!
  const lives: Lives = new Map([
    ['quiet', life()],
    ['noisy', life()],
    ['allowed', life({ maxAlerts: 2 })],
    ['beyond', life({ maxAlerts: 2 })],
    ['later', life({ until: now + 2 * hour })],
    ['by-hand', { ...life(), staged: open }],
    ['live', { firstSeen: now, declared: null }],
  ])
  const alerts = new Map([
    ['noisy', 1],
    ['allowed', 2],
    ['beyond', 3],
  ])

  it('comes by itself when the time has passed with no more alerts than are allowed; none is no more than zero', () => {
    const promoted = promotions(lives, alerts, now + hour)
    expect([...promoted.keys()]).toEqual(['quiet', 'allowed'])
    expect(promoted.get('quiet')).toEqual({ firstSeen: now, declared: null, promotedAt: now + hour, by: 'window' })
    expect(promotions(lives, alerts, now + hour - 1)).toEqual(new Map())
  })

  it('tells the evaluation who is staged, and who was', () => {
    const { staged: still, promoted } = modesOf(new Map([...lives, ...promotions(lives, alerts, now + hour)]))
    expect([...still]).toEqual(['noisy', 'beyond', 'later', 'by-hand'])
    expect([...promoted]).toEqual(['quiet', 'allowed'])
  })

  it('is kept as text', () => {
    expect(readLives(writeLives(lives))).toEqual(lives)
  })

  it('is prepared by a digest: each staged rule with its alerts, the loudest first', () => {
    const options = {
      lives,
      alerts,
      outputs: ['slack:team'],
      cluster: 'prod',
      now: now + hour,
      hash: sha256,
    }
    const hit = digestHit({ ...options, at: now })
    expect(hit).toMatchObject({
      rule: 'streamalert-staging-digest',
      mode: 'live',
      title: '6 staged rules: 6 alerts not sent',
      outputs: ['slack:team'],
      record: { schema: 'streamalert:staging', cluster: 'prod' },
    })
    const rules = hit.record.data['rules'] as { rule: string }[]
    expect(rules.map(({ rule }) => rule)).toEqual(['beyond', 'allowed', 'noisy', 'by-hand', 'later', 'quiet'])
    expect(rules.at(-2)).toEqual({
      rule: 'later',
      alerts: 0,
      maxAlerts: 0,
      stagedSince: '2026-03-02T00:00:00.000Z',
      stagedUntil: '2026-03-02T02:00:00.000Z',
      state: 'staged for 1 h 0 min more',
    })
    expect(hit.description.split('\n')[0]).toBe('beyond: 3 alerts, its time has been over for 0 ms.')
    const many = new Map(Array.from({ length: 22 }, (_, n) => [`rule-${n}`, life()] as const))
    expect(digestHit({ ...options, lives: many, at: now }).description).toMatch(/\nAnd 2 rules more\.$/)
    expect(digestHit({ ...options, now: now + 2 * hour, at: now }).id).toBe(hit.id)
    expect(digestHit({ ...options, at: now + 1 }).id).not.toBe(hit.id)
  })
})
