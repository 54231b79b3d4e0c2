import type { Rule, Tables } from '../core/contracts/index.ts'
import { CodedError } from '../core/errors.ts'
import { checkLookups, closeTables, openTables } from '../project/check-lookups.ts'
import type { RuleTest } from './rule-test-file.ts'
import type { Prepared } from './rule-test-record.ts'

/** What a case is run in: its own clock and tables, where it states them. Throws LOOKUP_INVALID for a table of another form. */
export function inCase(rule: Rule, { now, lookups }: RuleTest, around: Prepared): Prepared {
  if (now === undefined && lookups === undefined) return around
  return {
    ...around,
    ...(now !== undefined && { now: Date.parse(now) }),
    ...(lookups && { tables: new Map([...around.tables, ...given(rule, lookups)]) }),
  }
}

/** The tables of a case stand in place of those of the project; their values take the form that the rule declares. */
function given({ lookups }: Rule, stated: NonNullable<RuleTest['lookups']>): Tables {
  const tables = openTables(
    new Map(Object.entries(stated).map(([name, values]) => [name, new Map(Object.entries(values))])),
  )
  const declared = Object.fromEntries(Object.entries(lookups).filter(([name]) => tables.has(name)))
  const unread = [...tables.keys()].find((name) => !Object.hasOwn(lookups, name))
  if (unread !== undefined) throw new CodedError('LOOKUP_INVALID', `The rule does not read a table "${unread}".`)
  const [fault] = checkLookups({ lookups: declared }, tables)
  if (fault) throw new CodedError(fault.code, fault.message)
  return closeTables(tables)
}
