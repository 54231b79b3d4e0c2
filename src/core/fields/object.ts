import { type Check, type Fault, coerces, drifts, expected, isObject, joinPath, rejected } from './check.ts'
import { assign } from './check.ts'

/** Unknown fields are counted, not collected: so many names of a record are enough, cut to so many characters. */
export const maxDrift = 20
export const maxDriftName = 100

/** A named field of an object. */
export interface Member {
  readonly name: string
  readonly required: boolean
  readonly check: Check
}

/** A compiled object of fields. */
export interface ObjectCheck extends Check {
  /** How many fields are there and right, and how many are wrong or missing: how near a record comes. */
  score(value: unknown): { readonly held: number; readonly faults: number }
}

/** The own property's value; for a name that no object inherits the plain access is the same, and faster. */
const read = (object: Record<string, unknown>, member: Member & { readonly inherited: boolean }) =>
  member.inherited && !Object.hasOwn(object, member.name) ? undefined : object[member.name]

/** An object with these members. `reject`: a further field is a fault; `keep`: it is drift. */
export function objectCheck(declared: readonly Member[], extra: 'keep' | 'reject'): ObjectCheck {
  const members = declared.map((member) => ({ ...member, inherited: member.name in Object.prototype }))
  // What must be there is looked at first, as it tells schemas apart best.
  const tested = [...members.filter((member) => member.required), ...members.filter((member) => !member.required)]
  const names = new Set(members.map((member) => member.name))

  const unknown = (object: Record<string, unknown>) =>
    Object.keys(object).find((key) => !names.has(key) && object[key] !== undefined)

  const faultOf = (object: Record<string, unknown>, member: (typeof members)[number], path: string) => {
    const value = read(object, member)
    const field = joinPath(path, member.name)
    if (value !== undefined) return member.check.fault(value, field)
    return member.required ? { field, message: 'is missing' } : undefined
  }

  const extraFault = (object: Record<string, unknown>, path: string): Fault | undefined => {
    const name = extra === 'reject' ? unknown(object) : undefined
    if (name === undefined) return undefined
    return { field: joinPath(path, name).slice(0, maxDriftName), message: 'is not a field of this schema' }
  }

  return {
    test(value) {
      if (!isObject(value)) return rejected
      let found = 0
      let present = 0
      for (let at = 0; at < tested.length; at++) {
        const member = tested[at]!
        const inner = read(value, member)
        if (inner === undefined) {
          if (member.required) return rejected
          continue
        }
        const verdict = member.check.test(inner)
        if (verdict === rejected) return rejected
        found |= verdict
        present++
      }
      // As many keys as members were found: none is unknown.
      let keys = 0
      for (const _ in value) keys++
      if (keys === present || unknown(value) === undefined) return found
      return extra === 'reject' ? rejected : found | drifts
    },
    coerce(value) {
      const object = value as Record<string, unknown>
      for (const member of members) {
        const inner = read(object, member)
        if (inner === undefined || !(member.check.test(inner) & coerces)) continue
        assign(object, member.name, member.check.coerce(inner))
      }
      return object
    },
    fault(value, path) {
      if (!isObject(value)) return { field: path, message: expected('an object', value) }
      for (const member of members) {
        const fault = faultOf(value, member, path)
        if (fault) return fault
      }
      return extraFault(value, path)
    },
    score(value) {
      if (!isObject(value)) return { held: 0, faults: 1 }
      let held = 0
      let faults = extraFault(value, '') ? 1 : 0
      for (const member of members) {
        if (faultOf(value, member, '')) faults++
        else if (read(value, member) !== undefined) held++
      }
      return { held, faults }
    },
    drift(value, path, found) {
      if (!isObject(value)) return
      for (const key of Object.keys(value)) {
        if (found.length >= maxDrift) return
        if (names.has(key) || value[key] === undefined) continue
        const name = joinPath(path, key).slice(0, maxDriftName)
        if (!found.includes(name)) found.push(name)
      }
      for (const member of members) member.check.drift(read(value, member), joinPath(path, member.name), found)
    },
  }
}
