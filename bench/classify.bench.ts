/**
 * What classification costs among 1, 10, 100 and all built-in schemas: nanoseconds of processor time per record, and as a
 * ratio to `JSON.parse` of the same CloudTrail lines in the same run.
 *
 *   node bench/classify.bench.ts
 */
import { schemas } from '../schemas/index.ts'
import { type Classifier, compileClassifier } from '../src/core/classify/index.ts'
import type { Schema } from '../src/core/contracts/index.ts'
import { split } from '../src/core/split/index.ts'
import { cloudTrailLines } from './records.ts'

const rounds = 7
const bytes = cloudTrailLines(8_000_000)
const lines = [...split(bytes, 'lines')].map((piece) => piece.text)
const sshLine =
  'Dec 10 06:55:46 LabSZ sshd[24200]: Failed password for invalid user webmaster from 173.234.31.186 port 38926 ssh2'
const sshLines = lines.map((_, index) => sshLine.replace('38926', String(1024 + index)))

/** The named schema with others, evenly from all of them, up to a number. */
function candidates(name: string, count: number): readonly Schema[] {
  const others = schemas.filter((schema) => schema.name !== name)
  const step = others.length / (count - 1)
  const chosen = Array.from({ length: count - 1 }, (_, index) => others[Math.floor(index * step)]!)
  return [schemas.find((schema) => schema.name === name)!, ...chosen]
}

/** Least processor time of several rounds, in nanoseconds per line. */
function measure(run: () => void, count: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, user + system)
  }
  return (best * 1000) / count
}

const classifyAll = (classifier: Classifier, texts: readonly string[]) => () => {
  for (const text of texts) classifier.classify(text, { first: false })
}

const parseAll = () => {
  for (const line of lines) JSON.parse(line)
}

interface Row {
  readonly candidates: number
  readonly 'JSON.parse, ns': number
  readonly 'CloudTrail, ns': number
  readonly 'to JSON.parse': number
  readonly 'sshd, ns': number
}

/** The floor is measured beside each row, as a busy machine drifts. */
const row = (count: number): Row => {
  const floor = measure(parseAll, lines.length)
  const cloudtrail = measure(
    classifyAll(compileClassifier(candidates('cloudtrail:events', count)), lines),
    lines.length,
  )
  const sshd = measure(classifyAll(compileClassifier(candidates('sshd', count)), sshLines), lines.length)
  return {
    candidates: count,
    'JSON.parse, ns': Math.round(floor),
    'CloudTrail, ns': Math.round(cloudtrail),
    'to JSON.parse': Number((cloudtrail / floor).toFixed(2)),
    'sshd, ns': Math.round(sshd),
  }
}

console.table([1, 10, 100, schemas.length].map(row))
