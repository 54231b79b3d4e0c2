import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { schemas as builtInSchemas } from '../../../schemas/index.ts'
import { type Classifier, compileClassifier, selectSchemas } from '../../core/classify/index.ts'
import type { Delivery, QuarantineEntry, Schema } from '../../core/contracts/index.ts'
import { CodedError, Problems, messageOf } from '../../core/errors.ts'
import { unguarded } from '../../core/evaluate/guard.ts'
import type { Item } from '../../core/evaluate/item.ts'
import { createReader } from '../../core/evaluate/read.ts'
import { createTally } from '../../core/evaluate/tally.ts'
import { defaultFrameLimits, framesOf } from '../../core/ingest/frames.ts'
import { decoders } from '../../decoders/index.ts'
import { loadCode } from '../../project/code.ts'
import { codeOf, configFile, loadProject } from '../../project/index.ts'
import type { Cli, ExitCode } from '../cli.ts'
import { printable, shorten, table, thousands } from '../table.ts'

/** One record as `classify` shows it. */
type Outcome = { readonly item: Item } | { readonly refused: QuarantineEntry }

interface Summary {
  readonly bySchema: Map<string, number>
  refused: number
  first?: QuarantineEntry
}

/** Shows how each record of the files is parsed. Exit code 1 when a record is of no schema. */
export async function classify(
  cli: Cli,
  files: readonly string[],
  options: { readonly schemas?: readonly string[] },
): Promise<ExitCode> {
  checkFiles(files)
  const classifier = compileClassifier(selectSchemas(await knownSchemas(cli), options.schemas))
  let refused = 0
  for (const file of files) {
    const summary: Summary = { bySchema: new Map(), refused: 0 }
    let index = 0
    for await (const outcome of outcomes(file, classifier)) {
      if (cli.json) cli.emit(toJson(file, index, outcome))
      count(summary, outcome)
      index += 1
    }
    refused += summary.refused
    cli.say(describe(file, summary))
  }
  return refused > 0 ? 1 : 0
}

/** Built-in log types, and those of the project if there is one. */
async function knownSchemas(cli: Cli): Promise<readonly Schema[]> {
  if (!cli.dirGiven && !existsSync(join(cli.dir, configFile))) return builtInSchemas
  const { schemas, problems } = await loadCode({
    ...codeOf(await loadProject(cli.dir)),
    ruleFiles: [],
    libraryFiles: [],
  })
  if (problems.length > 0) throw new Problems(problems)
  return schemas
}

function checkFiles(files: readonly string[]): void {
  const problems = files.flatMap((file) => {
    const stats = file === '-' ? undefined : statSync(file, { throwIfNoEntry: false })
    if (file === '-' || (stats && !stats.isDirectory())) return []
    return [new CodedError('USAGE', stats ? `${file} is a folder: name its files.` : `There is no file ${file}.`)]
  })
  if (problems.length > 0) throw new Problems(problems)
}

/** The records of a file, in their order. */
async function* outcomes(file: string, classifier: Classifier): AsyncGenerator<Outcome> {
  const reader = createReader({
    classifierOf: () => classifier,
    decoders,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    limits: { maxBodyBytes: Infinity, maxKeptBytes: Infinity },
  })
  const body = () => (file === '-' ? process.stdin : createReadStream(resolve(file), { highWaterMark: 1_048_576 }))
  const delivery: Delivery = { id: file, source: 'classify', receivedAt: Date.now(), origin: file, body }
  const frames = framesOf(delivery, {
    cluster: '',
    mode: 'live',
    framings: classifier.framings,
    decoders,
    limits: defaultFrameLimits,
  })
  try {
    for await (const frame of frames) {
      const items: Item[] = []
      const { quarantine } = reader.read(frame, 0, unguarded, createTally(), (some) => void items.push(...some))
      const all: Outcome[] = [...items.map((item) => ({ item })), ...quarantine.map((refused) => ({ refused }))]
      yield* quarantine.length === 0 ? all : all.toSorted(byPosition)
    }
  } catch (error) {
    if (!(error instanceof CodedError)) throw new CodedError('USAGE', `${file} cannot be read: ${messageOf(error)}`)
    yield { refused: damaged(file, error) }
  }
}

/** What could not be decompressed, in the form of a record that no schema takes. */
function damaged(file: string, { code, message }: CodedError): QuarantineEntry {
  const base = {
    id: '',
    kind: 'record',
    source: 'classify',
    cluster: '',
    receivedAt: 0,
    raw: new Uint8Array(),
  } as const
  return { ...base, reason: code, message, position: file }
}

function byPosition(a: Outcome, b: Outcome): number {
  const [offsetA, indexA] = placeOf(a)
  const [offsetB, indexB] = placeOf(b)
  return offsetA - offsetB || indexA - indexB
}

/** Offset and index from `<origin>#<offset>[<index>]`. */
function placeOf(outcome: Outcome): readonly [number, number] {
  const position = 'item' in outcome ? outcome.item.position() : outcome.refused.position
  const [, offset, index] = /#(\d+)(?:\[(\d+)\])?$/.exec(position) ?? []
  return [Number(offset ?? 0), Number(index ?? 0)]
}

function toJson(origin: string, index: number, outcome: Outcome) {
  if ('refused' in outcome) {
    const { reason, message, nearest = null, raw } = outcome.refused
    return { origin, index, schema: null, reason, message, nearest, text: new TextDecoder().decode(raw) }
  }
  const { schema, time, data, envelope } = outcome.item
  const normalised = outcome.item.normalised()
  return {
    origin,
    index,
    schema: schema.name,
    time: new Date(time).toISOString(),
    record: data,
    ...(envelope && { envelope }),
    ...(normalised && { normalised }),
  }
}

function count(summary: Summary, outcome: Outcome): void {
  if ('item' in outcome) {
    const { name } = outcome.item.schema
    summary.bySchema.set(name, (summary.bySchema.get(name) ?? 0) + 1)
  } else {
    summary.refused += 1
    summary.first ??= outcome.refused
  }
}

function describe(file: string, { bySchema, refused, first }: Summary): string {
  const rows = [...bySchema].toSorted((a, b) => b[1] - a[1]).map(([schema, n]) => [schema, thousands(n)])
  if (refused > 0) rows.push(['(none)', thousands(refused)])
  const heading = file === '-' ? 'standard input' : file
  const counts =
    rows.length === 0 ? 'no records' : table([{ title: 'schema' }, { title: 'records', right: true }], rows)
  if (!first) return `${heading}\n${counts}\n`
  const near = first.nearest
  return [
    heading,
    counts,
    `\nfirst that is of no schema: ${first.position}`,
    `  ${first.reason}: ${first.message}`,
    ...(near
      ? [`  nearest: ${near.schema}${near.field === undefined ? '' : `, field ${near.field}`}: ${near.message}`]
      : []),
    `  ${printable(shorten(new TextDecoder().decode(first.raw.subarray(0, 2_000)), 200))}\n`,
  ].join('\n')
}
