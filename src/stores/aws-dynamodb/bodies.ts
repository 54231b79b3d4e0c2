import type { Alert, Hit, LogRecord } from '../../core/contracts/index.ts'
import { CodedError } from '../../core/errors.ts'
import type { Db } from './db.ts'
import type { Item } from './table.ts'

/** What is larger lies in the blob store, by the hash of its text: the same record is there once. Bytes. */
const mostBytes = 131_072

/** A value as attributes of an item: its JSON, or the place of it. */
export async function packed(db: Db, name: string, value: unknown): Promise<Item> {
  const text = JSON.stringify(value)
  if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) return { [name]: text }
  const key = `${db.folders.large}${db.hash(text)}`
  await db.blobs.put(key, Buffer.from(text))
  return { [`${name}At`]: key }
}

/** The value that was packed under this name. */
export async function unpacked<T>(db: Db, name: string, item: Item): Promise<T> {
  const text = item[name]
  if (typeof text === 'string') return JSON.parse(text) as T
  return JSON.parse(Buffer.from(await db.blobs.get(String(item[`${name}At`]))).toString()) as T
}

/** The record lies beside the rest: alerts and hits of one record share it. */
export async function packedAlert(db: Db, { record, ...rest }: Alert): Promise<Item> {
  return { ...(await packed(db, 'body', rest)), ...(await packed(db, 'record', record)) }
}

export async function unpackedAlert(db: Db, item: Item): Promise<Alert> {
  const body = await unpacked<Omit<Alert, 'record'>>(db, 'body', item)
  return { ...body, record: await unpacked<LogRecord>(db, 'record', item) }
}

/** For people: a bucket may have swept a record before DynamoDB its alert. Then the alert is shown without. */
export async function shownAlert(db: Db, item: Item): Promise<Alert> {
  const body = await unpacked<Omit<Alert, 'record'>>(db, 'body', item)
  try {
    return { ...body, record: await unpacked<LogRecord>(db, 'record', item) }
  } catch (error) {
    if (!isGone(error)) throw error
    const { source, cluster, schema } = body
    const at = Date.parse(body.createdAt)
    const data = { 'streamalert:left-out': 'The record is no longer kept, or may not be read.' }
    return { ...body, record: { id: '', position: '', source, cluster, schema, receivedAt: at, time: at, data } }
  }
}

/** True when trying again brings nothing: what was asked for is not there. */
export const isGone = (error: unknown): boolean => error instanceof CodedError && error.retry === 'never'

export async function packedHit(db: Db, hit: Hit): Promise<Item> {
  const { rule, mode, title, description, context, record } = hit
  const body = { rule, mode, title, description, context }
  return { ...(await packed(db, 'body', body)), ...(await packed(db, 'record', record)) }
}
