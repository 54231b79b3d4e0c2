import { own } from '../paths.ts'
import { anything } from './scalars.ts'
import {
  type Check,
  type Fault,
  accepted,
  assign,
  coerces,
  drifts,
  expected,
  isObject,
  joinPath,
  rejected,
} from './check.ts'

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

/** A member as `test` finds it. Records of a kind mostly have the same order of keys: the one that came next is tried first. */
interface Entry {
  readonly name: string
  readonly required: boolean
  readonly anyText: boolean
  readonly check: Check
  next: Entry | undefined
}

const entryOf = ({ name, required, check }: Member): Entry => ({
  name,
  required,
  anyText: check.anyText ?? false,
  check,
  next: undefined,
})

/** An object with these members. `reject`: a further field is a fault; `keep`: it is drift. */
export function objectCheck(members: readonly Member[], extra: 'keep' | 'reject'): ObjectCheck {
  const entries = new Map(members.map((member) => [member.name, entryOf(member)]))
  const head = entryOf({ name: '', required: false, check: anything })
  const required = members.filter((member) => member.required).length

  const unknown = (object: Record<string, unknown>) =>
    Object.keys(object).find((key) => !entries.has(key) && object[key] !== undefined)

  const faultOf = (object: Record<string, unknown>, member: Member, path: string) => {
    const value = own(object, member.name)
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
      let found = accepted
      let missing = required
      let entry = head
      // By the record's own keys: nothing inherited is seen, and each value is at hand.
      for (const key in value) {
        const inner = value[key]
        if (inner === undefined) continue
        let next = entry.next
        if (next === undefined || next.name !== key) {
          next = entries.get(key)
          if (next === undefined) {
            if (extra === 'reject') return rejected
            found |= drifts
            continue
          }
          entry.next = next
        }
        entry = next
        if (entry.required) missing--
        if (entry.anyText && typeof inner === 'string') continue
        const verdict = entry.check.test(inner)
        if (verdict === rejected) return rejected
        found |= verdict
      }
      return missing === 0 ? found : rejected
    },
    scalars(value, path, meets) {
      if (!isObject(value)) return
      for (const [key, inner] of Object.entries(value)) entries.get(key)?.check.scalars(inner, [...path, key], meets)
    },
    coerce(value) {
      const object = value as Record<string, unknown>
      for (const member of members) {
        const inner = own(object, member.name)
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
      let faults = extra === 'reject' && unknown(value) !== undefined ? 1 : 0
      for (const { name, required, check } of members) {
        const inner = own(value, name)
        if (inner === undefined ? required : check.test(inner) === rejected) faults++
        else if (inner !== undefined) held++
      }
      return { held, faults }
    },
    drift(value, path, found) {
      if (!isObject(value)) return
      for (const key of Object.keys(value)) {
        if (found.length >= maxDrift) return
        if (entries.has(key) || value[key] === undefined) continue
        const name = joinPath(path, key).slice(0, maxDriftName)
        if (!found.includes(name)) found.push(name)
      }
      for (const member of members) member.check.drift(own(value, member.name), joinPath(path, member.name), found)
    },
  }
}
