/**
 * A consumer group as its coordinator sees it: https://kafka.apache.org/protocol#group_coordination
 * Whoever joins starts a round; it ends when all members have joined again, and the leader says who gets what.
 */
export interface Group {
  join(member: string, protocol: string, metadata: Buffer): Promise<Joined>
  /** Answers an error code and the member's assignment. */
  sync(member: string, generation: number, assignments: ReadonlyMap<string, Buffer>): Promise<readonly [number, Buffer]>
  /** Answers an error code: https://kafka.apache.org/protocol#protocol_error_codes */
  check(member: string, generation: number): number
  /** True while a round is under way. */
  isSharing(): boolean
  leave(member: string): void
  /** `topic:partition` → offset. */
  readonly offsets: Map<string, bigint>
}

export interface Joined {
  readonly generation: number
  readonly protocol: string
  readonly leader: string
  readonly member: string
  /** All of them for the leader, none for others. */
  readonly members: readonly (readonly [string, Buffer])[]
}

const [unknownMember, illegalGeneration] = [25, 22]
/** Members that have not joined again by then are dropped, milliseconds. */
const patienceMs = 6_000

export function createGroup(): Group {
  const members = new Map<string, Buffer>()
  let joining = new Map<string, (joined: Joined) => void>()
  let syncing = new Map<string, (answer: readonly [number, Buffer]) => void>()
  let assignments: ReadonlyMap<string, Buffer> | undefined
  let [generation, made, protocolName] = [0, 0, '']
  let isSharing = false
  let timer: NodeJS.Timeout | undefined

  function endRound(): void {
    if (joining.size === 0 || [...members.keys()].some((member) => !joining.has(member))) return
    clearTimeout(timer)
    generation++
    isSharing = false
    assignments = undefined
    const joined = joining
    joining = new Map()
    const [leader = ''] = joined.keys()
    const round = { generation, protocol: protocolName, leader }
    for (const [member, answer] of joined) answer({ ...round, member, members: member === leader ? [...members] : [] })
  }

  function startRound(): void {
    isSharing = true
    for (const answer of syncing.values()) answer([27, Buffer.alloc(0)])
    syncing = new Map()
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const member of members.keys()) if (!joining.has(member)) members.delete(member)
      endRound()
    }, patienceMs)
    timer.unref()
  }

  const check = (member: string, given: number) =>
    !members.has(member) ? unknownMember : given !== generation ? illegalGeneration : 0

  return {
    offsets: new Map(),
    isSharing: () => isSharing,
    check,
    join(given, protocol, metadata) {
      const member = given === '' ? `member-${++made}` : given
      protocolName = protocol
      members.set(member, metadata)
      startRound()
      return new Promise((resolve) => {
        joining.set(member, resolve)
        endRound()
      })
    },
    sync(member, given, told) {
      const error = check(member, given)
      if (error !== 0) return Promise.resolve([error, Buffer.alloc(0)] as const)
      if (told.size > 0) {
        assignments = told
        for (const [one, answer] of syncing) answer([0, told.get(one) ?? Buffer.alloc(0)])
        syncing = new Map()
      }
      if (assignments) return Promise.resolve([0, assignments.get(member) ?? Buffer.alloc(0)] as const)
      return new Promise((resolve) => syncing.set(member, resolve))
    },
    leave(member) {
      members.delete(member)
      joining.delete(member)
      if (members.size > 0 && !isSharing) startRound()
      endRound()
    },
  }
}
