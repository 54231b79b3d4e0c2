import { gunzipSync } from 'node:zlib'

/**
 * The least that any engine must do with these bytes, on one thread: cut at line feeds, decode, JSON.parse.
 * Answers the number of records, so that nothing is optimised away.
 */
export function splitAndParse(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let records = 0
  for (let start = 0; start < buffer.length; ) {
    const end = buffer.indexOf(10, start)
    const stop = end === -1 ? buffer.length : end
    if (JSON.parse(buffer.toString('utf8', start, stop)) !== null) records++
    start = stop + 1
  }
  return records
}

/** The same for delivery files: gunzip, decode, JSON.parse of the whole document. */
export function gunzipAndParse(files: readonly Uint8Array[]): number {
  let records = 0
  for (const file of files) {
    const document: unknown = JSON.parse(gunzipSync(file).toString())
    if (typeof document === 'object' && document !== null && 'Records' in document && Array.isArray(document.Records))
      records += document.Records.length
  }
  return records
}
