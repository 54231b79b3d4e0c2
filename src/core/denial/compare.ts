import { isObject, unknown } from './term.ts'

/** Objects are only told from what is none: they may have lost their content, and as texts or numbers they are code of their own. */
export const comparisons: ReadonlyMap<string, (a: unknown, b: unknown) => unknown> = new Map([
  ['===', (a, b) => (isObject(a) && isObject(b) ? unknown : a === b)],
  ['!==', (a, b) => (isObject(a) && isObject(b) ? unknown : a !== b)],
  // oxlint-disable-next-line eqeqeq -- as rules have it
  ['==', (a, b) => (isNothing(a) || isNothing(b) ? a == b : ofPrimitives(a, b, (one, other) => one == other))],
  // oxlint-disable-next-line eqeqeq
  ['!=', (a, b) => (isNothing(a) || isNothing(b) ? a != b : ofPrimitives(a, b, (one, other) => one != other))],
  ['<', (a, b) => ofPrimitives(a, b, (one, other) => one < other)],
  ['<=', (a, b) => ofPrimitives(a, b, (one, other) => one <= other)],
  ['>', (a, b) => ofPrimitives(a, b, (one, other) => one > other)],
  ['>=', (a, b) => ofPrimitives(a, b, (one, other) => one >= other)],
])

/** Such operators take any primitives, only that the compiler wants to see one type. */
const ofPrimitives = (a: unknown, b: unknown, compare: (a: string, b: string) => boolean): unknown =>
  isObject(a) || isObject(b) ? unknown : compare(a as string, b as string)

const isNothing = (value: unknown) => value === undefined || value === null
