import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { CodedError } from '../../core/errors.ts'
import { inferFields } from '../../core/infer/fields.ts'
import { guessMeanings, guessTime } from '../../core/infer/meaning.ts'
import { identifier, renderSchema } from '../../core/infer/render.ts'
import { decoders } from '../../decoders/index.ts'
import { guessParser } from '../../parsers/guess.ts'
import { configFile } from '../../project/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { thousands } from '../table.ts'

/** Bytes of the samples that are looked at, after decompression. */
const mostBytes = 64 * 1_048_576

/**
 * Writes a schema from samples: into the project's `schemas` folder, to `out`, or with `-` to standard output.
 * NOT_FOUND when the file cannot be read as any format; USAGE when a file would be overwritten.
 */
export async function inferSchema(
  cli: Cli,
  file: string,
  { name = nameOf(file), out }: { readonly name?: string; readonly out?: string },
): Promise<ExitCode> {
  const guess = guessParser(read(file))
  if (!guess) {
    throw new CodedError('NOT_FOUND', `No parser reads ${file}.`, {
      place: { file },
      hint: 'For lines of free text write a schema with pattern(); docs/parsers.md shows how.',
    })
  }
  const { records, failed, textual, code } = guess
  const fields = inferFields(
    records.map(({ data }) => data),
    { textual, now: Date.now() },
  )
  const time = guessTime(fields)
  const description = `Records as in ${basename(file)}.`
  const text = renderSchema({
    name,
    description,
    parse: code,
    fields,
    ...(time !== undefined && { time }),
    normalise: guessMeanings(fields),
  })
  const target = out ?? defaultTarget(cli, name)
  if (target === '-') process.stdout.write(text)
  else {
    if (existsSync(target))
      throw new CodedError('USAGE', `${target} is there already.`, { hint: 'Name another file with --out.' })
    writeFileSync(target, text)
  }
  const where = target === '-' ? '' : ` in ${target}`
  cli.warn(
    `${name}: ${code}, ${thousands(records.length)} records read, ${thousands(failed)} not. Schema ${identifier(name)}${where}: look it over.`,
  )
  return failed > 0 ? 1 : 0
}

function read(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file === '-' ? 0 : file)
    const decoder = decoders.find((one) => one.detects(bytes))
    const decoded = decoder ? decoder.decode(bytes, Math.max(mostBytes, bytes.length * 100)) : bytes
    const end = decoded.length > mostBytes ? decoded.lastIndexOf(10, mostBytes) : decoded.length
    return decoded.subarray(0, end > 0 ? end : mostBytes)
  } catch (error) {
    if (error instanceof CodedError) throw error
    throw new CodedError('USAGE', `${file} cannot be read.`, { place: { file }, cause: error })
  }
}

function defaultTarget(cli: Cli, name: string): string {
  if (!existsSync(join(cli.dir, configFile))) return '-'
  return resolve(cli.dir, 'schemas', `${name.replaceAll(':', '-')}.ts`)
}

/** `/var/log/My App.log` → `my-app`. */
function nameOf(file: string): string {
  const words = basename(file)
    .toLowerCase()
    .replace(/(\.(gz|zst|json|jsonl|ndjson|log|csv|txt))+$/, '')
  return words.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'inferred'
}
