import type {
  Alert,
  AlertQuery,
  AlertStore,
  DeadDelivery,
  DeadQuery,
  QuarantineEntry,
  QuarantineGroup,
  QuarantineQuery,
  QuarantineStore,
  StateStore,
  StatsStore,
  StoredAlert,
} from '../contracts/index.ts'
import { CodedError } from '../errors.ts'
import { digestedBy, rateDigestRule } from '../rates/index.ts'
import { type RuleFacts, ruleFacts } from './rule-facts.ts'
import { type StatusOptions, type StatusReport, statusOf } from '../status/index.ts'

/** What people look at, wherever it is kept: a store, or one that is asked through the api. Whole, or as the asker may see it. */
export interface Reader {
  status(): Promise<StatusReport>
  /** The newest first. NOT_FOUND when there is no such digest. */
  alerts(query: AlertsWish): Promise<readonly StoredAlert[]>
  /** By id, or its beginning. AMBIGUOUS. */
  alert(id: string): Promise<StoredAlert | undefined>
  /** Those that died last first. */
  dead(query: DeadQuery): Promise<readonly DeadLine[]>
  /** The newest first. */
  quarantine(query: QuarantineQuery): Promise<readonly QuarantineEntry[]>
  /** The bytes of samples may be left out. */
  quarantineGroups(): Promise<readonly QuarantineGroup[]>
  /** Rules that the state knows, by name. */
  rules(): Promise<readonly RuleFacts[]>
}

/** As `AlertQuery`; `digest`: only those that this digest of a rate limit stands for, its id or the beginning of it. */
export interface AlertsWish extends Omit<AlertQuery, 'digested'> {
  readonly digest?: string
}

/** A delivery that was given up: plain JSON. Times are ISO 8601. */
export interface DeadLine {
  /** Of the alert. */
  readonly id: string
  readonly rule: string
  readonly severity: string
  readonly title: string
  readonly output: string
  readonly attempts: number
  readonly error: string
  readonly storedAt: string
  readonly deadAt: string
}

/** Hides what an asker may not see. */
export interface Masks {
  readonly alert: (alert: Alert) => Alert
  readonly entry: (entry: QuarantineEntry) => QuarantineEntry
}

/** Stores that a reader reads. */
export type Readable = AlertStore & QuarantineStore & StateStore & StatsStore

export interface ReaderOptions extends Omit<StatusOptions, 'now'> {
  now(): number
  /** Undefined: everything is shown. */
  readonly masks?: Masks
}

/** Reads a store. */
export function createReader(store: Readable, { now, newest, masks }: ReaderOptions): Reader {
  const shown = ({ alert, deliveries }: StoredAlert): StoredAlert => ({
    alert: masks ? masks.alert(alert) : alert,
    deliveries,
  })
  const shownEntry = (entry: QuarantineEntry): QuarantineEntry => (masks ? masks.entry(entry) : entry)
  const bound = newest === undefined ? {} : { newest }
  return {
    status: () => statusOf(store, { now: now(), ...bound }),
    async alerts({ digest, ...query }) {
      const digested = digest === undefined ? undefined : await digestedOf(store, digest)
      return (await store.alerts({ ...query, ...(digested && { digested }) })).map(shown)
    },
    async alert(id) {
      const found = await store.alert(id)
      return found && shown(found)
    },
    async dead(query) {
      const found = await store.deadDeliveries(query)
      return found.map((one) => lineOf(masks ? { ...one, alert: masks.alert(one.alert) } : one))
    },
    quarantine: async (query) => (await store.quarantine(query)).map(shownEntry),
    async quarantineGroups() {
      const groups = await store.quarantineGroups({ light: true })
      return groups.map((group) => ({ ...group, sample: shownEntry(group.sample) }))
    },
    rules: () => ruleFacts(store, bound),
  }
}

async function digestedOf(store: AlertStore, id: string) {
  const found = await store.alert(id)
  const digested = found && digestedBy(found.alert)
  if (digested) return digested
  throw new CodedError('NOT_FOUND', `No digest has the id ${id}.`, {
    hint: `"streamalert alerts list --rule ${rateDigestRule}" shows them.`,
  })
}

const lineOf = ({ alert, output, attempts, error, storedAt, at }: DeadDelivery): DeadLine => ({
  ...{ id: alert.id, rule: alert.rule, severity: alert.severity, title: alert.title },
  ...{ output, attempts, error, storedAt: iso(storedAt), deadAt: iso(at) },
})

const iso = (time: number) => new Date(time).toISOString()
