/**
 * A merge with a limit has several alerts in one window, each for a share of its hits. The n-th opens as soon as the window
 * holds more than n × limit hits: a matter of their number, and monotone. Which hits each stands for is decided when the window
 * closes, by event time. So neither ids nor updates depend on the order in which hits arrived.
 */

/** A share of the hits of a window, in order of event time: those from number `from` up to and without `to`. */
export interface Share {
  readonly index: number
  readonly from: number
  readonly to: number
}

/** How many alerts `count` hits have. */
const alertsOf = (count: number, limit: number): number => (count === 0 ? 0 : Math.floor((count - 1) / limit) + 1)

/** Numbers of the alerts that open when a window that held `before` hits holds `after`. */
export function openedShares(before: number, after: number, limit = Infinity): number[] {
  const first = alertsOf(before, limit)
  return Array.from({ length: alertsOf(after, limit) - first }, (_, n) => first + n)
}

/** The shares of which not all is told, when `told` of `count` hits were told before; opening an alert tells one hit. */
export function untoldShares(told: number, count: number, limit = Infinity): Share[] {
  const whole = limit === Infinity ? 0 : Math.floor(told / limit) * limit
  return openedShares(whole, count, limit)
    .map((index) => {
      const from = index === 0 ? 0 : index * limit
      return { index, from, to: Math.min(count, from + limit) }
    })
    .filter(({ from, to }) => to - from > Math.max(told - from, 1))
}
