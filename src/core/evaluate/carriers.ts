import type { Normalised } from '../contracts/index.ts'

/** Finds records by the normalised types they carry. Each type is looked for once, whatever the number of rules that ask. */
export interface Carriers {
  /** Of `seen`, the records that carry at least one of `types`; all of them when `types` is empty. */
  among(seen: readonly number[], types: readonly string[]): readonly number[]
}

export function createCarriers(
  records: readonly number[],
  normalisedOf: (record: number) => Normalised | undefined,
): Carriers {
  const byType = new Map<string, readonly number[]>()
  const carries = (n: number, type: string) => {
    const normalised = normalisedOf(n)
    return normalised !== undefined && Object.hasOwn(normalised, type)
  }
  const carriersOf = (type: string) => {
    const known = byType.get(type) ?? records.filter((n) => carries(n, type))
    byType.set(type, known)
    return known
  }
  return {
    among(seen, types) {
      const [type] = types
      if (type === undefined) return seen
      if (types.length === 1 && seen === records) return carriersOf(type)
      return seen.filter((n) => types.some((one) => carries(n, one)))
    },
  }
}
