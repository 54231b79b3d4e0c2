/**
 * Sets a field whose name comes from log data. Like `JSON.parse`, it makes `__proto__` an ordinary own field, so that no
 * text can change what a record inherits.
 */
export function put(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
  } else record[name] = value
}

/** The same name as V8 keeps property names: one cut from a text would be looked up anew at each use, at ten times the cost. */
export const asKey = (name: string): string => Object.keys({ [name]: true })[0] ?? name

/** True for `{…}`: neither null, list nor scalar. */
export { isPlainObject as isObject } from '../../core/plain.ts'

/** What a value is, in the words of JSON: for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return `a ${typeof value}`
}
