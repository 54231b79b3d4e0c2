/** What compiles and what does not is the test: each `@ts-expect-error` fails the type check when it is not needed. */
import { expect, test } from 'vitest'
import { cloudtrailEvents, kubernetesAudit, osqueryDifferential, zeekConn } from '../../schemas/index.ts'
import { defineRule, matcher } from '../index.ts'

const base = { name: 'a', description: 'x', severity: 'low' } as const

test('fields are named as log types have them', () => {
  const rule = defineRule({
    ...base,
    schemas: [cloudtrailEvents],
    requires: ['userIdentity.arn'],
    where: { eventName: 'x', 'requestParameters.any.thing': 'x' },
    merge: { by: ['userIdentity.arn', 'eventName'], window: '5m' },
  })
  expect(rule.info.merge?.by).toEqual(['userIdentity.arn', 'eventName'])
  defineRule({
    ...base,
    schemas: [cloudtrailEvents, zeekConn],
    merge: { by: ['eventName', "['id.orig_h']"], window: '1h' },
    match: () => true,
  })
  defineRule({
    ...base,
    schemas: [osqueryDifferential],
    where: { 'columns.cmdline': { startsWith: 'x' } },
    dedup: { by: ['columns.path', 'hostIdentifier'], window: '1h' },
  })
  defineRule({
    ...base,
    schemas: [cloudtrailEvents],
    // @ts-expect-error there is no userIdentity.arm
    merge: { by: ['userIdentity.arm'], window: '5m' },
    match: () => true,
  })
  defineRule({
    ...base,
    schemas: [cloudtrailEvents],
    // @ts-expect-error there is no userIdentity.arm
    threshold: { count: 2, per: ['userIdentity.arm'], window: '5m' },
    match: () => true,
  })
  // @ts-expect-error there is no userIdentity.arm
  defineRule({ ...base, schemas: [cloudtrailEvents], requires: ['userIdentity.arm'], match: () => true })
  // Below a field of any form, everything may be named.
  defineRule({ ...base, schemas: [kubernetesAudit], where: { 'requestObject.roleRef.name': { startsWith: 'x' } } })
  defineRule({ ...base, schemas: [kubernetesAudit], where: { 'requestObject.roleRef.name': 'x' } })
  // @ts-expect-error a name with a dot in it is written ['id.orig_h']
  defineRule({ ...base, schemas: [zeekConn], where: { 'id.orig_h': '10.0.0.1' } })
})

test('without log types a rule sees a record of which nothing is known', () => {
  const rule = defineRule({
    ...base,
    types: ['source_ip'],
    match: (record, { values }) => record['x'] === 3 && values('source_ip').length > 0,
    merge: { by: ['what.ever'], window: '5m' },
  })
  expect(rule.info).toMatchObject({ schemas: [], types: ['source_ip'] })
})

test('matchers fit rules whose records they know', () => {
  const byRoot = matcher(cloudtrailEvents, { 'userIdentity.type': 'Root' })
  const named = matcher([cloudtrailEvents], (record, { lookup }) => lookup('names', record.eventName) !== undefined)
  const loose = matcher({ anything: 'Root' })
  const rule = defineRule({
    ...base,
    schemas: [cloudtrailEvents],
    lookups: { names: 'string' },
    matchers: [byRoot, named, loose, (record) => record.eventName !== ''],
    match: () => true,
  })
  expect(rule.matchers.map(({ where, test: called }) => [where !== undefined, called !== undefined])).toEqual([
    [true, false],
    [false, true],
    [true, false],
    [false, true],
  ])
  // @ts-expect-error there is no userIdentity.typ
  matcher(cloudtrailEvents, { 'userIdentity.typ': 'Root' })
  // @ts-expect-error a matcher of another log type
  defineRule({ ...base, schemas: [zeekConn], matchers: [byRoot], match: () => true })
})

test('tables and their values are typed', () => {
  const rule = defineRule({
    ...base,
    schemas: [cloudtrailEvents],
    lookups: { owners: { team: 'string', pager: 'string?' } },
    match: (record, { lookup }) => lookup('owners', record.recipientAccountId)?.team === 'red',
  })
  expect(Object.keys(rule.lookups)).toEqual(['owners'])
  defineRule({
    ...base,
    schemas: [zeekConn],
    lookups: { owners: 'string' },
    // @ts-expect-error there is no table "owner"
    match: (_, { lookup }) => lookup('owner', 'x') === 'y',
  })
  // @ts-expect-error no table is declared
  defineRule({ ...base, schemas: [zeekConn], match: (_, { lookup }) => lookup('owners', 'x') === 'y' })
})
