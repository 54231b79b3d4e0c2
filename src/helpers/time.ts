import { CodedError } from '../core/errors.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

export type Weekday = (typeof weekdays)[number]

/** A time as clocks and calendars in a zone show it. */
export interface LocalTime {
  /** `2026-03-02` */
  readonly date: string
  readonly weekday: Weekday
  readonly hour: number
  readonly minute: number
}

/**
 * Reads times as clocks in a zone do (IANA names, such as `Europe/Berlin`; https://www.iana.org/time-zones).
 * Throws RULE_INVALID for a zone that does not exist.
 *
 *   const berlin = localTime('Europe/Berlin')
 *   match: (record, { time }) => berlin(time).hour < 6
 */
export function localTime(zone: string): (time: Date) => LocalTime {
  const format = formatFor(zone)
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
    return {
      date: `${parts['year']}-${parts['month']}-${parts['day']}`,
      weekday: parts['weekday'] as Weekday,
      hour: Number(parts['hour']),
      minute: Number(parts['minute']),
    }
  }
}

export interface OfficeHours {
  /** IANA name of the zone. */
  readonly zone: string
  /** Default: Monday to Friday. */
  readonly days?: readonly Weekday[]
  /** `08:00` */
  readonly from: string
  /** `18:00`: the first minute that no longer counts. Before `from`: the hours go over midnight, and belong to the day they begin on. */
  readonly to: string
}

/** Whether a time lies in working hours. Throws RULE_INVALID for a zone, a day or an hour that does not exist. */
export function officeHours({ zone, days = weekdays.slice(0, 5), from, to }: OfficeHours): (time: Date) => boolean {
  const read = localTime(zone)
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const wrong = days.find((day) => !weekdays.includes(day))
  if (wrong !== undefined) throw invalid(`"${wrong}" is none of ${weekdays.join(', ')}`)
  const counts = (day: Weekday) => days.includes(day)
  return (time) => {
    const { weekday, hour, minute } = read(time)
    const now = hour * 60 + minute
    if (begin < end) return counts(weekday) && now >= begin && now < end
    return now >= begin ? counts(weekday) : now < end && counts(dayBefore(weekday))
  }
}

const dayBefore = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7]!

function minutesOf(text: string): number {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  if (hour === undefined || Number(hour) > 24 || Number(minute) > 59) throw invalid(`"${text}" is no time: write 08:30`)
  return Number(hour) * 60 + Number(minute)
}

function formatFor(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short', hour: '2-digit', minute: '2-digit' },
    })
  } catch {
    throw invalid(`"${zone}" is no time zone: write a name such as Europe/Berlin`)
  }
}

const invalid = (message: string) => new CodedError('RULE_INVALID', `${message}.`)
