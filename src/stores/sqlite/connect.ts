import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Database, openDatabase } from './database.ts'
import { isOutdated, migrate } from './schema.ts'

/** Opens the file ready for use: made, if it was not there, and of the present form. */
export function connect(path: string, readOnly: boolean): Database {
  if (path === ':memory:' || (readOnly && !existsSync(path)))
    return prepared(openDatabase(':memory:', { readOnly: false }), path)
  if (!readOnly) {
    mkdirSync(dirname(path), { recursive: true })
    // Logs may hold secrets: the file, and those that SQLite puts beside it, are their owner's alone.
    closeSync(openSync(path, 'a', 0o600))
    return prepared(openDatabase(path, { readOnly }), path)
  }
  const db = openDatabase(path, { readOnly })
  if (!closingOnFailure(db, () => isOutdated(db, path))) return db
  // Reading needs the present form too.
  db.close()
  connect(path, false).close()
  return openDatabase(path, { readOnly })
}

function prepared(db: Database, path: string): Database {
  return closingOnFailure(db, () => {
    // Before anything is written: room that is freed goes back to the disk (see sweep.ts).
    db.exec('PRAGMA auto_vacuum = INCREMENTAL')
    db.exec('PRAGMA journal_mode = WAL')
    // A commit survives the end of this process; the end of the machine may undo the last few, which sources give again.
    db.exec('PRAGMA synchronous = NORMAL')
    db.exec('PRAGMA journal_size_limit = 67108864')
    db.exec('PRAGMA foreign_keys = ON')
    db.exec('PRAGMA wal_autocheckpoint = 8000')
    // 32 MB: with more the engine holds as much more, and is no faster (docs/performance.md).
    db.exec('PRAGMA cache_size = -32768')
    migrate(db, path)
    return db
  })
}

/** Closes the connection if `work` throws. */
export function closingOnFailure<T>(db: Database, work: () => T): T {
  try {
    return work()
  } catch (error) {
    db.close()
    throw error
  }
}
