/** `prefix.cluster bucket` → `prefix-cluster-bucket`: fit for a name in streamalert.yaml, and for a folder. */
export const plainName = (name: string): string =>
  name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '') || 'unnamed'

/** The name, or with a number behind it when it is taken already, whatever its case. Takes it. */
export function untaken(name: string, taken: Set<string>): string {
  let free = name
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-${n}`
  taken.add(free.toLowerCase())
  return free
}
