import type { Publisher, PublisherNames } from '../contracts/index.ts'

/** What a rule's author writes: for every output, or by kind of output (`slack`) or output (`slack:security`). */
export type PublisherChoice = Publishers | Readonly<Record<string, Publishers>>
type Publishers = Publisher | readonly Publisher[]

/** Every publisher of a choice, each once. */
export const publishersIn = (choice: PublisherChoice | undefined): readonly Publisher[] =>
  choice === undefined ? [] : [...new Set(Object.values(byOutput(choice)).flat())]

/** A choice as plain data. */
export const publisherNames = (choice: PublisherChoice): PublisherNames =>
  Object.fromEntries(
    Object.entries(byOutput(choice)).map(([output, publishers]) => [output, publishers.map(({ name }) => name)]),
  )

/**
 * Names of the publishers that an alert passes on its way to `output`, in order: those that the output's configuration
 * names, then the rule's for every output, for the kind, and for this one.
 */
export function publishersFor(
  output: string,
  ofOutput: readonly string[],
  ofRule: PublisherNames | undefined,
): readonly string[] {
  const kind = output.split(':', 1)[0] ?? ''
  const named = (key: string) => (ofRule && Object.hasOwn(ofRule, key) ? (ofRule[key] ?? []) : [])
  return [...ofOutput, ...named('*'), ...named(kind), ...named(output)]
}

function byOutput(choice: PublisherChoice): Readonly<Record<string, readonly Publisher[]>> {
  if (isList(choice)) return { '*': choice }
  if (isOne(choice)) return { '*': [choice] }
  return Object.fromEntries(
    Object.entries(choice).map(([output, publishers]) => [output, isList(publishers) ? publishers : [publishers]]),
  )
}

const isList = (choice: PublisherChoice): choice is readonly Publisher[] => Array.isArray(choice)
const isOne = (choice: PublisherChoice): choice is Publisher => 'publish' in choice
