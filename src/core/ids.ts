/** A hash of text, as hex: SHA-256, passed in since the core imports no platform module. */
export type Hash = (text: string) => string

/** Parts are joined so that no two different lists give the same text. */
const derive = (hash: Hash, kind: string, parts: readonly string[]) =>
  hash(JSON.stringify([kind, ...parts])).slice(0, 32)

/** hash(source, position, text): the same record read again has the same id. */
export const recordId = (hash: Hash, source: string, position: string, text: string) =>
  derive(hash, 'record', [source, position, text])

/** One (rule, record) pair; without a window it is the alert's id too. */
export const hitId = (hash: Hash, rule: string, record: string, mode: string) =>
  derive(hash, 'hit', [rule, record, mode])

/** The alert that opens a window. Windows are aligned, so the id does not depend on which hit came first. */
export const windowId = (hash: Hash, rule: string, key: string, start: number, mode: string) =>
  derive(hash, 'window', [rule, key, String(start), mode])

/** One of several alerts of a window, which have a limit of hits; the first has the id of the window. */
export const shareId = (hash: Hash, window: string, index: number) =>
  index === 0 ? window : derive(hash, 'share', [window, String(index)])

/** The update of a window, or of one of its alerts, as of `count` hits. */
export const updateId = (hash: Hash, window: string, count: number) => derive(hash, 'update', [window, String(count)])

/** An entry of the quarantine. */
export const quarantineId = (hash: Hash, record: string, rule: string) => derive(hash, 'quarantine', [record, rule])

/** An alert of the engine on itself: what it is about, and since when. */
export const healthId = (hash: Hash, name: string, key: readonly string[]) => derive(hash, name, key)

/** The digest of staged rules that was due at a time (epoch milliseconds). */
export const digestId = (hash: Hash, at: number) => derive(hash, 'staging-digest', [String(at)])

/** The digest of what a rate limit kept from an output in the window that ends at `until` (epoch milliseconds). */
export const rateDigestId = (hash: Hash, output: string, until: number) =>
  derive(hash, 'rate-digest', [output, String(until)])
