import type { Rule, Table, Tables } from '../core/contracts/index.ts'
import { rejected } from '../core/fields/check.ts'
import { compileFields } from '../core/fields/compile.ts'
import type { Field } from '../core/fields/spec.ts'
import { freezeDeep } from '../core/freeze.ts'
import { suggest } from '../core/nearest.ts'
import type { Fault } from './check-rule.ts'

/** A table that is being given the form that rules declare. */
export type OpenTables = ReadonlyMap<string, Map<string, unknown>>

/** Copies that may be changed, whatever the tables were made by. */
export const openTables = (tables: Tables): OpenTables =>
  new Map([...tables].map(([name, table]) => [name, new Map(structuredClone(table))]))

/** From here on nothing changes a value, least of all a rule. */
export function closeTables(tables: OpenTables): Tables {
  for (const table of tables.values()) for (const value of table.values()) freezeDeep(value)
  return tables
}

/**
 * Checks the tables that a rule declares, and gives their values the declared types: `"7"` becomes 7 where a rule wants an
 * integer. All rules share one table, so that what they declare must agree.
 */
export function checkLookups({ lookups }: Pick<Rule, 'lookups'>, tables: OpenTables): Fault[] {
  return Object.entries(lookups).flatMap(([name, field]): Fault[] => {
    const table = tables.get(name)
    if (table) return checkTable(name, field, table)
    const hint = `${suggest(name, [...tables.keys()])} Tables are the files of lookups/.`
    return [{ code: 'CONFIG_UNKNOWN_NAME', message: `There is no lookup table "${name}".`, text: name, hint }]
  })
}

/** At most one fault: where one row is wrong, many are. */
function checkTable(name: string, field: Field, table: Map<string, unknown>): Fault[] {
  const check = compileFields({ value: field })
  for (const [key, value] of table) {
    const row = { value }
    const verdict = check.test(row)
    if (verdict === rejected) return [misfit(name, key, check.fault(row, ''))]
    check.coerce(row)
    table.set(key, row.value)
  }
  return []
}

/** What a case or a table holds in place of what a rule declares; the value itself may be secret and is not said. */
function misfit(name: string, key: string, fault: { field: string; message: string } | undefined): Fault {
  const path = fault?.field.replace(/^value\.?/, '') ?? ''
  const where = path === '' ? 'the value' : `"${path}"`
  const message = `lookups: in table "${name}", ${where} under the key "${key}": ${fault?.message ?? 'is of another form'}.`
  return { code: 'LOOKUP_INVALID', message, text: name }
}

/** A table as a rule test states it: key → value. */
export const tableOf = (values: Readonly<Record<string, unknown>>): Table => new Map(Object.entries(values))
