import type { Alert } from '../../../core/contracts/index.ts'
import { type Mask, maskFor } from '../../../outputs/terminal/mask.ts'
import type { Paint } from '../../../core/text/paint.ts'
import { printable, shorten } from '../../../core/text/printable.ts'

/** What is remembered of an alert, to say what joined it. */
interface Opened {
  readonly rule: string
  readonly title: string
  readonly by: string
}

/** Alerts that are remembered; the oldest are forgotten first. */
const mostAlerts = 5_000
/** Notices at once; hits beyond that are in the updates anyway. */
const mostNotices = 10

/** Follows which alerts hits join, and gathers notices of it. */
export interface Joined {
  opened(alert: Alert, sensitive: readonly string[]): void
  joined(alert: string, count: number): void
  ruleOf(alert: string): string | undefined
  /** Takes the notices gathered so far: `+3 merged into sudo on web-3 (hostIdentifier web-3)`. */
  notices(paint: Paint, columns: number): string[]
}

export function createJoined(): Joined {
  const alerts = new Map<string, Opened>()
  let waiting = new Map<string, number>()
  return {
    opened(alert, sensitive) {
      if (alert.updates !== undefined) return
      alerts.set(alert.id, describe(alert, maskFor(alert, sensitive)))
      if (alerts.size <= mostAlerts) return
      const [oldest] = alerts.keys()
      if (oldest !== undefined) alerts.delete(oldest)
    },
    joined: (alert, count) => void waiting.set(alert, (waiting.get(alert) ?? 0) + count),
    ruleOf: (alert) => alerts.get(alert)?.rule,
    notices(paint, columns) {
      const taken = [...waiting]
      waiting = new Map()
      const lines = taken.slice(0, mostNotices).map(([id, count]) => {
        const { title, by } = alerts.get(id) ?? { title: `alert ${id.slice(0, 8)}`, by: '' }
        return paint.dim(shorten(`+${count} merged into ${title}${by && ` (${by})`}`, columns))
      })
      const rest = taken.length - lines.length
      return rest > 0 ? [...lines, paint.dim(`… and into ${rest} other alerts`)] : lines
    },
  }
}

function describe({ rule, title, mergedFrom }: Alert, mask: Mask): Opened {
  const by = Object.entries(mergedFrom?.by ?? {}).map(([path, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${path} ${mask.covers(path) ? '•••' : mask.text(text)}`
  })
  return { rule, title: printable(mask.text(title)), by: printable(by.join(', ') || rule) }
}
