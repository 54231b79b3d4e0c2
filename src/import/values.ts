import { isPlainObject } from '../core/plain.ts'

/** Any value as an object; what is none is empty. */
export const object = (value: unknown): Readonly<Record<string, unknown>> => (isPlainObject(value) ? value : {})
/** What lies at a path; undefined where nothing does. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((found, step) => (Object.hasOwn(object(found), step) ? object(found)[step] : undefined), value)
/** The texts of a list. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
