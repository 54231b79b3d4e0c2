import { CodedError } from '../../core/errors.ts'
import type { Database } from './database.ts'

/**
 * The steps that lead from an empty file to the present form; `PRAGMA user_version` counts those that are done.
 * A released step never changes: what is to be different is a further step.
 */
export const migrations: readonly string[] = [
  `
  -- Records that hits or alerts refer to: each once, whatever its size and however many refer to it.
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL                -- JSON of the LogRecord
  ) STRICT;

  -- What hits fall into, and what has been told of it. Times of events are epoch milliseconds.
  CREATE TABLE windows (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,          -- also the id of its opening alert
    previous TEXT,                    -- ids of its neighbours, where they matter
    next TEXT,
    rule TEXT NOT NULL,
    mode TEXT NOT NULL,
    keys TEXT NOT NULL,               -- JSON of field → value
    start REAL NOT NULL,
    length REAL NOT NULL,
    needs INTEGER NOT NULL,           -- the count that opens it
    by_value INTEGER NOT NULL,        -- 1: distinct values are counted, not hits
    by_order INTEGER NOT NULL,        -- 1: some hits only complete, others only count
    hits INTEGER NOT NULL,
    arrived INTEGER NOT NULL,         -- when its last hit was stored
    opened INTEGER NOT NULL DEFAULT 0,
    told INTEGER,                     -- hits told by its last update, or at its closing
    ready INTEGER                     -- when it ended and had its last hit; null: nothing to tell
  ) STRICT;
  CREATE INDEX windows_ready ON windows (ready) WHERE ready IS NOT NULL;
  CREATE INDEX windows_arrived ON windows (arrived);

  -- Hits of windows; and ids of alerts that were swept, so that a late repetition is still known.
  CREATE TABLE hits (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    arrived INTEGER NOT NULL,
    window INTEGER REFERENCES windows (seq),
    completes INTEGER,
    time REAL,
    record INTEGER REFERENCES records (seq),
    severity TEXT,
    outputs TEXT,                     -- JSON
    body TEXT                         -- JSON: title, description, context
  ) STRICT;
  CREATE INDEX hits_window ON hits (window, completes, time) WHERE window IS NOT NULL;
  CREATE INDEX hits_record ON hits (record) WHERE record IS NOT NULL;
  CREATE INDEX hits_arrived ON hits (arrived) WHERE window IS NULL;

  -- Where distinct values are counted: when each was seen within a window.
  CREATE TABLE marks (
    window INTEGER NOT NULL REFERENCES windows (seq) ON DELETE CASCADE,
    value TEXT NOT NULL,
    first REAL NOT NULL,
    last REAL NOT NULL,
    PRIMARY KEY (window, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX marks_first ON marks (window, first);
  CREATE INDEX marks_last ON marks (window, last);

  CREATE TABLE alerts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    cluster TEXT NOT NULL,
    severity TEXT NOT NULL,
    created INTEGER NOT NULL,
    staged INTEGER NOT NULL,
    record INTEGER NOT NULL REFERENCES records (seq),
    body TEXT NOT NULL                -- JSON of the Alert, but for its record
  ) STRICT;
  CREATE INDEX alerts_rule ON alerts (rule);
  CREATE INDEX alerts_record ON alerts (record);
  CREATE INDEX alerts_created ON alerts (created);

  CREATE TABLE deliveries (
    alert INTEGER NOT NULL REFERENCES alerts (seq) ON DELETE CASCADE,
    output TEXT NOT NULL,
    rule TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    due INTEGER NOT NULL,             -- when it may be claimed: for the first time, for another try, or as its lease ends
    attempts INTEGER NOT NULL DEFAULT 0,
    stored INTEGER NOT NULL,
    settled INTEGER,
    error TEXT,
    PRIMARY KEY (alert, output)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_pending ON deliveries (output, rule, due, alert) WHERE state = 'pending';

  -- How many deliveries wait, by output and rule: claiming goes round the rules, and counting them costs nothing.
  CREATE TABLE backlog (
    output TEXT NOT NULL,
    rule TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (output, rule)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER delivery_added AFTER INSERT ON deliveries BEGIN
    INSERT INTO backlog (output, rule, n) VALUES (new.output, new.rule, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;
  CREATE TRIGGER delivery_settled AFTER UPDATE OF state ON deliveries WHEN old.state = 'pending' AND new.state <> 'pending' BEGIN
    UPDATE backlog SET n = n - 1 WHERE output = new.output AND rule = new.rule;
  END;
  CREATE TRIGGER delivery_revived AFTER UPDATE OF state ON deliveries WHEN old.state <> 'pending' AND new.state = 'pending' BEGIN
    UPDATE backlog SET n = n + 1 WHERE output = new.output AND rule = new.rule;
  END;

  CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    stored INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    about TEXT NOT NULL,              -- the nearest schema, or the rule of a verdict; may be empty
    schema TEXT,
    body TEXT NOT NULL,               -- JSON of the entry, but for its raw bytes
    raw BLOB NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_group ON quarantine (kind, reason, about);
  CREATE INDEX quarantine_stored ON quarantine (stored);

  CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE counters (
    metric TEXT NOT NULL,
    labels TEXT NOT NULL,             -- JSON, keys in order
    n REAL NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (metric, labels)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Alerts of staged rules without their updates: they are counted again and again, to tell who may be promoted.
  CREATE INDEX alerts_staged ON alerts (rule, created) WHERE staged = 1 AND json_extract(body, '$.updates') IS NULL;
  `,
  `
  -- The id of the alert that an update is of.
  ALTER TABLE alerts ADD COLUMN updates TEXT;
  UPDATE alerts SET updates = json_extract(body, '$.updates') WHERE json_extract(body, '$.updates') IS NOT NULL;
  CREATE INDEX alerts_updates ON alerts (updates) WHERE updates IS NOT NULL;

  -- The greatest alerts.seq that was ever swept: none is used twice, so that whoever reads all alerts may keep it as a cursor.
  CREATE TABLE swept (seq INTEGER NOT NULL) STRICT;
  INSERT INTO swept (seq) VALUES (0);

  -- A digested delivery has as its due the end of the window of the rate limit that it fell into.
  ALTER TABLE deliveries ADD COLUMN receipt TEXT;   -- what the output answered
  ALTER TABLE deliveries ADD COLUMN after INTEGER;  -- the alert whose delivery to the same output must have ended before
  CREATE INDEX deliveries_after ON deliveries (after, output) WHERE after IS NOT NULL;
  CREATE INDEX deliveries_dead ON deliveries (settled) WHERE state = 'dead';
  CREATE INDEX deliveries_digested ON deliveries (output, due, alert) WHERE state = 'digested';

  -- When the rule had its last turn, in turns of the output.
  ALTER TABLE backlog ADD COLUMN served INTEGER NOT NULL DEFAULT 0;

  -- A digested delivery is never pending.
  DROP TRIGGER delivery_added;
  CREATE TRIGGER delivery_added AFTER INSERT ON deliveries WHEN new.state = 'pending' BEGIN
    INSERT INTO backlog (output, rule, n) VALUES (new.output, new.rule, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  END;

  -- Alerts by window of a rate limit: how many were told singly, how many were not, and how many of these a digest has told.
  CREATE TABLE rates (
    output TEXT NOT NULL,
    until INTEGER NOT NULL,           -- end of the window; since: its beginning
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    since INTEGER NOT NULL,
    told INTEGER NOT NULL,
    surplus INTEGER NOT NULL,
    digested INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (output, until, rule, severity)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rates_open ON rates (until, output) WHERE surplus > digested;
  CREATE INDEX rates_until ON rates (until);
  `,
  `
  -- Of a merge: how many hits one alert may stand for; null: any number.
  ALTER TABLE windows ADD COLUMN most INTEGER;
  `,
]

const versionOf = (db: Database): number => db.get<{ user_version: number }>('PRAGMA user_version')!.user_version

/** True when the file lacks steps. Throws STORE_NEWER when it has more than this version knows. */
export function isOutdated(db: Database, path: string, steps: readonly string[] = migrations): boolean {
  const version = versionOf(db)
  if (version > steps.length) {
    throw new CodedError('STORE_NEWER', `The state is of version ${version}; this StreamAlert knows ${steps.length}.`, {
      place: { file: path },
      hint: 'Use the version of StreamAlert that wrote it, or a later one; or name another storage.path.',
    })
  }
  return version < steps.length
}

/** Takes the steps that are missing, each in a transaction of its own. */
export function migrate(db: Database, path: string, steps: readonly string[] = migrations): void {
  if (!isOutdated(db, path, steps)) return
  for (let version = versionOf(db); version < steps.length; version = versionOf(db)) {
    db.transaction(() => {
      // Another process may have been faster.
      if (versionOf(db) !== version) return
      db.exec(steps[version]!)
      db.exec(`PRAGMA user_version = ${version + 1}`)
    })
  }
}
