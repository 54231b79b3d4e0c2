import { inflateRawSync } from 'node:zlib'

/** The files of an archive whose headers tell how long they are, as those of src/project/bundle/zip.ts do: name → bytes. */
export function unzip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>()
  let at = 0
  while (archive.readUInt32LE(at) === 0x04034b50) {
    const [size, name, extra] = [
      archive.readUInt32LE(at + 18),
      archive.readUInt16LE(at + 26),
      archive.readUInt16LE(at + 28),
    ]
    const start = at + 30 + name + extra
    files.set(archive.toString('utf8', at + 30, at + 30 + name), inflateRawSync(archive.subarray(start, start + size)))
    at = start + size
  }
  return files
}
