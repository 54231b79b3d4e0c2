/**
 * Components of one kind by name. Each is imported when it is asked for: a start takes the time of those that the configuration
 * names, not of all that there are.
 */
export type KindIndex<K> = Readonly<Record<string, () => Promise<K>>>

/** One of an index; undefined when it has none of that name. */
export const kindOf = async <K>(index: KindIndex<K>, name: string): Promise<K | undefined> =>
  Object.hasOwn(index, name) ? index[name]!() : undefined

/** All of an index, in its order: for pages and tests. */
export const allKinds = <K>(index: KindIndex<K>): Promise<K[]> =>
  Promise.all(Object.values(index).map((load) => load()))
