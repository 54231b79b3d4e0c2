import { anything } from './scalars.ts'
import { type Check, type Fault, accepted, assign, expected, isObject, joinPath, rejected } from './check.ts'

/** Takes null beside what `check` takes. */
export const orNull = (check: Check): Check => ({
  test: (value) => (value === null ? accepted : check.test(value)),
  scalars: (value, path, meets) => check.scalars(value, path, meets),
  coerce: (value) => (value === null ? null : check.coerce(value)),
  fault: (value, path) => (value === null ? undefined : check.fault(value, path)),
  drift: (value, path, found) => check.drift(value, path, found),
})

/** A list whose elements all fit `of`. An element that is nothing stays as null, so that the others keep their place. */
export const listCheck = (of: Check): Check => ({
  test(value) {
    if (!Array.isArray(value)) return rejected
    if (of === anything) return accepted
    let found = accepted
    for (let at = 0; at < value.length; at++) {
      const inner = of.test(value[at])
      if (inner === rejected) return rejected
      found |= inner
    }
    return found
  },
  scalars(value, path, meets) {
    if (Array.isArray(value)) for (const [at, inner] of value.entries()) of.scalars(inner, [...path, at], meets)
  },
  coerce(value) {
    const list = value as unknown[]
    for (let at = 0; at < list.length; at++) list[at] = of.coerce(list[at]) ?? null
    return list
  },
  fault(value, path) {
    if (!Array.isArray(value)) return { field: path, message: expected('a list', value) }
    let fault: Fault | undefined
    for (let at = 0; at < value.length && !fault; at++) fault = of.fault(value[at], `${path}[${at}]`)
    return fault
  },
  drift(value, path, found) {
    if (Array.isArray(value)) for (const inner of value) of.drift(inner, `${path}[]`, found)
  },
})

/** An object whose values all fit `of`, whatever their names. */
export const mapCheck = (of: Check): Check => ({
  test(value) {
    if (!isObject(value)) return rejected
    if (of === anything) return accepted
    let found = accepted
    for (const key in value) {
      const inner = of.test(value[key])
      if (inner === rejected) return rejected
      found |= inner
    }
    return found
  },
  scalars(value, path, meets) {
    if (isObject(value)) for (const [key, inner] of Object.entries(value)) of.scalars(inner, [...path, key], meets)
  },
  coerce(value) {
    const map = value as Record<string, unknown>
    for (const key of Object.keys(map)) assign(map, key, of.coerce(map[key]))
    return map
  },
  fault(value, path) {
    if (!isObject(value)) return { field: path, message: expected('an object', value) }
    for (const [key, inner] of Object.entries(value)) {
      const fault = of.fault(inner, joinPath(path, key))
      if (fault) return fault
    }
    return undefined
  },
  drift(value, path, found) {
    if (isObject(value)) for (const inner of Object.values(value)) of.drift(inner, `${path}.*`, found)
  },
})
