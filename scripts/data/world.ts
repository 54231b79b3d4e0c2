/**
 * The made-up company whose logs the examples and benchmarks show. Outside addresses come from the ranges that
 * RFC 5737 keeps for documentation, account and key ids follow AWS' own examples.
 */
export const day = Date.UTC(2026, 2, 11)
const minute = 60_000

/** Epoch milliseconds of `HH:MM` or `HH:MM:SS` on the day of the logs. */
export function at(clock: string): number {
  const [hours, minutes, seconds] = clock.split(':').map(Number)
  return day + ((hours ?? 0) * 60 + (minutes ?? 0)) * minute + (seconds ?? 0) * 1000
}

export const account = '111122223333'

export interface Person {
  readonly name: string
  /** Where the person works from, seen from outside. */
  readonly ip: string
  readonly country: string
  /** The person's laptop in the office network. */
  readonly laptop: string
}

export const people: readonly Person[] = [
  { name: 'amara.okafor', ip: '198.51.100.10', country: 'DE', laptop: '10.20.4.11' },
  { name: 'jonas.lind', ip: '198.51.100.10', country: 'DE', laptop: '10.20.4.12' },
  { name: 'priya.raman', ip: '192.0.2.61', country: 'IN', laptop: '10.20.4.23' },
  { name: 'mateo.silva', ip: '192.0.2.88', country: 'PT', laptop: '10.20.4.27' },
  { name: 'hana.kato', ip: '198.51.100.10', country: 'DE', laptop: '10.20.4.31' },
  { name: 'lucas.meyer', ip: '192.0.2.140', country: 'DE', laptop: '10.20.4.37' },
  { name: 'sofia.rossi', ip: '192.0.2.19', country: 'IT', laptop: '10.20.4.44' },
  { name: 'owen.clarke', ip: '192.0.2.203', country: 'GB', laptop: '10.20.4.52' },
]

export const person = (name: string): Person => people.find((one) => one.name === name)!

/** Who attacks: one that gets in by SSH, one that only knocks, and where the stolen AWS key is used from. */
export const attackers = { intruder: '203.0.113.77', scanner: '203.0.113.140', cloud: '203.0.113.9' }

export const bastions = ['bastion-1', 'bastion-2']
export const cardHosts = ['pci-db-1', 'pci-db-2', 'pci-web-1', 'pci-web-2', 'pci-vault-1']

/** How busy each hour of the day is, midnight first. */
const load = [1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 6, 8, 9, 9, 8, 6, 4, 3, 2, 2, 1, 1]

/** `count` moments over the day, in order, more of them in office hours. */
export function moments(
  random: { next(): number; integer(min: number, max: number): number },
  count: number,
): number[] {
  const total = load.reduce((sum, share) => sum + share, 0)
  const made: number[] = []
  while (made.length < count) {
    let left = random.next() * total
    const hour = load.findIndex((share) => (left -= share) < 0)
    made.push(day + (hour === -1 ? 23 : hour) * 60 * minute + random.integer(0, 3_599_999))
  }
  return made.sort((a, b) => a - b)
}
