import type { Ranked, Group } from '../classify/group.ts'
import type { Pattern } from '../classify/candidate.ts'
import type { Frame, Schema } from '../contracts/index.ts'
import { type Check, rejected, unknownScalar } from '../fields/check.ts'
import { type Leaf, hasSlot, kinds } from './outline.ts'
import { type Build, type ValueOf, compilePart, constantOf, outlined, takesAny } from './part.ts'

/** What rules want to see of records of a schema. */
export interface Interest {
  /** Each of them whole. */
  readonly inAll: boolean
  readonly paths: readonly string[]
  /** Whether a rule must see a record with these values at `paths`, out of this frame. */
  concerns(data: unknown, frame: Frame): boolean
}

/** A schema that takes records of one outline, if their values allow it. */
export interface Choice {
  readonly schema: Schema
  /** Paths of fields that it does not know: they follow from the outline. */
  readonly drift: readonly string[]
  /** Scalars that it does not take whatever they say. */
  readonly asks: readonly Ask[]
  readonly patterns: readonly Pattern[]
  readonly interest: Interest
  /** What patterns look at. */
  readonly buildPatterned: Build
  /** What rules and the event time look at. */
  readonly build: Build
}

export interface Ask {
  readonly leaf: Leaf
  readonly check: Check
}

/**
 * The schemas that may take records with these leaves, best first; the first whose questions are answered with yes takes a record, as
 * `Classifier.classify` would have it. Where none does, or none is left, that has to be asked.
 * `sample`: the fields of one such record.
 */
export function choicesFor(
  groups: readonly Group[],
  leaves: readonly Leaf[],
  sample: Readonly<Record<string, unknown>>,
  interestIn: (schema: Schema) => Interest,
): readonly Choice[] {
  const candidates: Ranked[] = []
  for (const { group, candidate } of contenders(groups)) {
    const reading = group.readsObject
    if (reading?.isEnvelopeOfKeys && candidate.requiredAround.some((key) => !Object.hasOwn(sample, key))) continue
    if (!reading || reading.unless.some((key) => Object.hasOwn(sample, key))) break
    if (reading.is === 'record') candidates.push(candidate)
  }
  return choicesAmong(candidates, leaves, sample, interestIn)
}

/** The same for a record that is an object as it stands, among candidates by rank. */
export function choicesAmong(
  candidates: readonly Ranked[],
  leaves: readonly Leaf[],
  sample: Readonly<Record<string, unknown>>,
  interestIn: (schema: Schema) => Interest,
): readonly Choice[] {
  const byPath = new Map(leaves.map((leaf) => [JSON.stringify(leaf.path), leaf]))
  const choices: Choice[] = []
  for (const candidate of candidates) {
    const choice = choiceOf(candidate, byPath, leaves, sample, interestIn)
    if (choice === 'unsure') return choices
    if (choice) choices.push(choice)
    if (choice && choice.asks.length === 0 && choice.patterns.length === 0) return choices
  }
  return choices
}

/** Candidates of parsers that may read an object, by rank. */
function contenders(groups: readonly Group[]): readonly { readonly group: Group; readonly candidate: Ranked }[] {
  return groups
    .filter((group) => group.begins(0x7b))
    .flatMap((group) => group.candidates.map((candidate) => ({ group, candidate })))
    .toSorted((a, b) => a.candidate.rank - b.candidate.rank)
}

/** Undefined: it takes no such record. */
function choiceOf(
  candidate: Ranked,
  byPath: ReadonlyMap<string, Leaf>,
  leaves: readonly Leaf[],
  sample: Readonly<Record<string, unknown>>,
  interestIn: (schema: Schema) => Interest,
): Choice | 'unsure' | undefined {
  const { schema, fields, patterns } = candidate
  if (!candidate.takesBare || candidate.required.some((key) => sample[key] === undefined)) return undefined
  const checks = new Map<Leaf, Check>()
  let isSure = true
  fields.scalars(sample, [], (path, check) => {
    const leaf = byPath.get(JSON.stringify(path))
    if (leaf) checks.set(leaf, check)
    else isSure = false
  })
  if (!isSure) return 'unsure'
  const asks = [...checks].flatMap(([leaf, check]) =>
    hasSlot(leaf.kind) && !takesAny(check, leaf) ? [{ leaf, check }] : [],
  )
  // A text or a number stands for any where each is taken; else whatever is taken stands for it.
  const asked = new Set(asks.map(({ leaf }) => leaf))
  const verdict = fields.test(outlined(sample, leaves, (leaf) => (asked.has(leaf) ? unknownScalar : exampleOf(leaf))))
  if (verdict === rejected) return undefined
  const interest = interestIn(schema)
  const part = (paths: readonly string[]) => compilePart(sample, leaves, paths, checks)
  return {
    ...{ schema, asks, patterns, interest },
    drift: candidate.drift(sample, verdict),
    buildPatterned: part(patterns.map(({ path }) => path)),
    build: part([...interest.paths, ...(schema.time === undefined ? [] : [schema.time])]),
  }
}

/** A value of the leaf's kind. */
const exampleOf = (leaf: Leaf) => (!hasSlot(leaf.kind) ? constantOf(leaf) : leaf.kind === kinds.text ? '' : 0)

/** Whether the schema of a choice takes a record with these values. */
export function takes({ asks, patterns, buildPatterned }: Choice, valueOf: ValueOf): boolean {
  if (patterns.length > 0) {
    const data = buildPatterned(valueOf)
    for (let n = 0; n < patterns.length; n++) if (!patterns[n]!.holds({ data })) return false
  }
  for (let n = 0; n < asks.length; n++) {
    const { leaf, check } = asks[n]!
    if (check.test(valueOf(leaf)) === rejected) return false
  }
  return true
}
