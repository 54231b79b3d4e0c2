import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

export type Value = SQLInputValue

/** A connection. Each SQL text is compiled once, at its first use. */
export interface Database {
  /** Runs a statement that answers nothing; answers how many rows it changed. */
  run(sql: string, values?: readonly Value[]): number
  /** Runs an INSERT of one row; answers its rowid, or undefined when the row was left out (OR IGNORE). */
  insert(sql: string, values?: readonly Value[]): number | undefined
  /** The first row. */
  get<Row>(sql: string, values?: readonly Value[]): Row | undefined
  all<Row>(sql: string, values?: readonly Value[]): Row[]
  /** Runs statements that are used once: pragmas, migrations. */
  exec(sql: string): void
  /** Everything in `work` becomes durable together, or nothing does. Waits for another writer. Does not nest. */
  transaction<T>(work: () => T): T
  close(): void
}

/** How long a writer waits for another process to finish its transaction, milliseconds. */
const busyTimeout = 10_000

/** Opens a file, or `:memory:`. */
export function openDatabase(
  path: string,
  options: { readonly readOnly: boolean; readonly timeout?: number },
): Database {
  const db = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.timeout ?? busyTimeout })
  const compiled = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    const known = compiled.get(sql)
    if (known) return known
    const made = db.prepare(sql)
    compiled.set(sql, made)
    return made
  }
  return {
    run: (sql, values = []) => Number(statement(sql).run(...values).changes),
    insert(sql, values = []) {
      const { changes, lastInsertRowid } = statement(sql).run(...values)
      return changes === 0 ? undefined : Number(lastInsertRowid)
    },
    get: <Row>(sql: string, values: readonly Value[] = []) => statement(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, values: readonly Value[] = []) => statement(sql).all(...values) as Row[],
    exec: (sql) => db.exec(sql),
    transaction(work) {
      db.exec('BEGIN IMMEDIATE')
      try {
        const result = work()
        db.exec('COMMIT')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    close: () => db.close(),
  }
}
