import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cloudtrailEvents, sshd, streamalertAlerts } from '../../../schemas/index.ts'
import { defineRule } from '../../index.ts'
import type { Count } from '../contracts/index.ts'
import { backHit, blindHit, blindRules, createFailures, failingHit, silences, silentHit } from './index.ts'

const minute = 60_000
const failed = (rule: string, asked: number, n: number, code = 'RULE_THREW'): Count[] => [
  { metric: 'asked', labels: { rule }, n: asked },
  { metric: 'rule_errors', labels: { rule, code }, n },
]

describe('rules that fail', () => {
  const failures = () => createFailures({ share: 0.05, windowMs: 10 * minute })

  it('are those past their share, with the error that is most frequent', () => {
    const found = failures()
    found.add([...failed('bad', 100, 2), ...failed('good', 100, 5)], 0)
    found.add(
      [...failed('bad', 100, 9, 'title: no title'), { metric: 'hits', labels: { rule: 'bad' }, n: 900 }],
      minute,
    )
    expect(found.failing(minute)).toEqual([{ rule: 'bad', asked: 200, failed: 11, error: 'title: no title' }])
  })

  it('are forgotten when they no longer fail', () => {
    const found = failures()
    found.add(failed('bad', 10, 10), 0)
    found.add(failed('bad', 1000, 1), 5 * minute)
    expect(found.failing(5 * minute)).toEqual([])
    found.add(failed('other', 1, 1), 9 * minute)
    expect(found.failing(9 * minute).map(({ rule }) => rule)).toEqual(['other'])
    expect(found.failing(11 * minute).map(({ rule }) => rule)).toEqual(['other'])
    expect(found.failing(20 * minute)).toEqual([])
  })

  it('need not have been asked: some are left out before', () => {
    const found = failures()
    found.add([{ metric: 'rule_errors', labels: { rule: 'slow', code: 'RULE_SUSPENDED' }, n: 1 }], 0)
    expect(found.failing(0)).toMatchObject([{ rule: 'slow', asked: 0 }])
  })
})

describe('rules that see nothing', () => {
  const base = { description: 'x', severity: 'low', match: () => true } as const
  const rules = [
    defineRule({ ...base, name: 'b', schemas: [sshd] }),
    defineRule({ ...base, name: 'a', schemas: [sshd] }),
    defineRule({ ...base, name: 'pci', schemas: [sshd], clusters: ['pci'] }),
    defineRule({ ...base, name: 'cloud', schemas: [cloudtrailEvents, sshd] }),
    defineRule({ ...base, name: 'any', types: ['user'] }),
    defineRule({ ...base, name: 'off', schemas: [sshd], enabled: false }),
    defineRule({ ...base, name: 'over', schemas: [streamalertAlerts] }),
  ].map(({ info }) => info)
  const seen = (schema: string, cluster: string, at: number) =>
    ({ metric: 'records', labels: { source: 'file:a', schema, cluster }, n: 1, at }) as const
  const blind = (now: number, ...times: ReturnType<typeof seen>[]) =>
    blindRules(rules, times, { now, since: 100, silentAfterMs: 1000 }).map(({ rules: names, lastSeen }) => [
      names.join(),
      lastSeen,
    ])

  it('stand together by what they look at', () => {
    expect(blind(1099)).toEqual([])
    expect(blind(1100)).toEqual([
      ['a,b', null],
      ['pci', null],
      ['cloud', null],
      ['any', null],
    ])
    expect(blind(1100, seen('sshd', 'prod', 101))).toEqual([['pci', null]])
    expect(blind(2000, seen('sshd', 'prod', 500), seen('cloudtrail:events', 'pci', 1900))).toEqual([
      ['a,b', 500],
      ['pci', null],
    ])
  })
})

describe('silent sources', () => {
  const seen = (source: string, at: number, metric: 'records' | 'quarantined' = 'records') =>
    ({ metric, labels: { source }, n: 1, at }) as const
  const limits = new Map([
    ['a', 100],
    ['b', 1_000],
  ])
  const at = (
    now: number,
    times: readonly ReturnType<typeof seen>[],
    before: Parameters<typeof silences>[2]['before'] = [],
    since = 0,
  ) => silences(limits, times, { now, since, before })

  it('are those of which nothing came within their own time, understood or not', () => {
    expect(at(99, []).silent).toEqual([])
    expect(at(100, []).silent).toEqual([{ source: 'a', lastSeen: null }])
    expect(at(1_000, [seen('a', 50), seen('a', 901, 'quarantined'), seen('b', 1)]).silent).toEqual([])
    expect(at(1_001, [seen('a', 901), seen('b', 1), seen('c', 1)]).silent).toEqual([
      { source: 'a', lastSeen: 901 },
      { source: 'b', lastSeen: 1 },
    ])
  })

  it('what was missed while nobody listened is no silence, but one that was found lasts', () => {
    expect(at(1_000, [seen('a', 50)], [], 950).silent).toEqual([])
    const before = [{ source: 'a', lastSeen: 50 }]
    expect(at(1_000, [seen('a', 50)], before, 950)).toEqual({ silent: before, back: [] })
  })

  it('are back when something came, and forgotten when they are no longer read', () => {
    const before = [
      { source: 'a', lastSeen: null },
      { source: 'gone', lastSeen: 1 },
    ]
    expect(at(1_000, [seen('a', 990), seen('b', 900)], before)).toEqual({ silent: [], back: [before[0]] })
  })
})

describe('health alerts', () => {
  const options = (now: number) => ({
    outputs: ['a:b'],
    cluster: 'prod',
    now,
    hash: (text: string) => hash('sha256', text),
  })
  const failing = { rule: 'bad', failed: 3, asked: 12, error: 'RULE_THREW' }

  it('are one for a rule and hour', () => {
    const at = (now: number, rule = 'bad') => failingHit({ ...failing, rule }, options(now)).id
    expect(at(59 * minute)).toBe(at(0))
    expect(new Set([at(0), at(60 * minute), at(0, 'worse')]).size).toBe(3)
    expect(failingHit(failing, options(0))).toMatchObject({
      ...{
        rule: 'streamalert-rule-failing',
        severity: 'high',
        title: 'bad fails on 25 % of its records',
        outputs: ['a:b'],
      },
      record: {
        schema: 'streamalert:health',
        cluster: 'prod',
        data: { rule: 'bad', failed: 3, asked: 12, share: 0.25 },
      },
    })
  })

  it('are one for the silence of a source, and one for its end', () => {
    const silence = { source: 'http:agents', lastSeen: 0 }
    expect(silentHit(silence, options(minute)).id).toBe(silentHit(silence, options(9 * minute)).id)
    expect(silentHit(silence, options(60 * minute))).toMatchObject({
      rule: 'streamalert-source-silent',
      severity: 'high',
      title: 'http:agents is silent',
      record: { data: { source: 'http:agents', lastSeen: '1970-01-01T00:00:00.000Z' } },
    })
    expect(backHit(silence, options(minute))).toMatchObject({
      ...{ rule: 'streamalert-source-back', severity: 'info', title: 'http:agents is back' },
      description: 'Records of http:agents come again, after 1 min 0 s.',
    })
  })

  it('are one for a silence', () => {
    const blind = { schemas: ['sshd'], clusters: [], rules: ['a', 'b'], lastSeen: 0 }
    const at = (now: number, lastSeen: number | null = 0) => blindHit({ ...blind, lastSeen }, options(now))
    expect(at(minute).id).toBe(at(9 * minute).id)
    expect(new Set([at(0).id, at(0, 7).id, at(0, null).id]).size).toBe(3)
    expect(at(minute)).toMatchObject({ rule: 'streamalert-rule-blind', title: 'No record of sshd: 2 rules blind' })
    expect(at(minute).description).toBe(
      'No record of sshd has come for 1 min 0 s. What looks at it sees nothing: a, b.',
    )
    expect(at(0, null).description).toContain('No record of sshd has ever come.')
  })
})
