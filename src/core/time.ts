import type { Path } from './paths.ts'

/** How far a record's own time may be ahead of its receipt before it is not believed, in milliseconds. */
const aheadMs = 5 * 60_000

/** When a record happened, in epoch milliseconds; `retimed` says why it is the time of receipt instead of the record's own. */
export interface EventTime {
  readonly time: number
  readonly retimed?: 'missing' | 'unreadable' | 'ahead'
}

/** The event time of a record: what stands at `path`, or `receivedAt`. Old times stand, since history is replayed. */
export function eventTime(data: unknown, path: Path | undefined, receivedAt: number): EventTime {
  const value = path?.first(data)
  if (value === undefined || value === null || value === '') return { time: receivedAt, retimed: 'missing' }
  const time = parseTime(value, receivedAt)
  if (time === undefined) return { time: receivedAt, retimed: 'unreadable' }
  return time > receivedAt + aheadMs ? { time: receivedAt, retimed: 'ahead' } : { time }
}

/**
 * Epoch milliseconds of a time as logs write it, or undefined. A time without a zone is UTC; fractions beyond
 * milliseconds are cut off. `reference` (epoch milliseconds) gives the year to forms that have none.
 *
 * | form | example | source |
 * |---|---|---|
 * | ISO 8601, extended or basic, any precision, `T` or a space, zone or none | `2023-07-10T11:45:00.123Z` | RFC 3339 |
 * | the same with slashes | `2023/07/10 11:45:00` | nginx, PAN-OS |
 * | epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size | `1688989500`, `1688989500123` | |
 * | month, day, time, with a year or without | `Jul 10 11:45:00`, `Jul 10 2023 11:45:00.5 UTC` | RFC 3164, Cisco |
 * | week day, month, day, time, year | `Mon Jul 10 11:45:00 2023 UTC` | asctime, osquery, Apache errors |
 * | day, month, year, time, zone | `Mon, 10 Jul 2023 11:45:00 +0200` | RFC 2822, RFC 9110 |
 * | Common Log Format | `10/Jul/2023:11:45:00 +0000` | NCSA, Apache |
 */
export function parseTime(value: unknown, reference: number): number | undefined {
  if (typeof value === 'number') return fromEpoch(value)
  if (typeof value !== 'string' || value.length > 64) return undefined
  return fromPlain(value) ?? fromIso(value) ?? fromDigits(value) ?? fromWords(value, reference)
}

/** Seconds until the year 5138, then milliseconds, microseconds, nanoseconds. */
function fromEpoch(value: number): number | undefined {
  if (!(value >= 0) || value >= 1e20) return undefined
  if (value < 1e11) return Math.floor(value * 1000)
  if (value < 1e14) return Math.floor(value)
  return Math.floor(value < 1e17 ? value / 1e3 : value / 1e6)
}

/** Shorter numbers in text are hardly ever a time. */
const fromDigits = (text: string) => (/^\d{9,20}(?:\.\d+)?$/.test(text) ? fromEpoch(Number(text)) : undefined)

/**
 * `YYYY-MM-DDTHH:MM:SS`, or a space for the `T`, with or without a fraction, then `Z`, `+HH:MM`, `+HHMM` or no zone: the form of most
 * records, read without a regular expression.
 */
function fromPlain(text: string): number | undefined {
  if (text.length < 19) return undefined
  const between = text.charCodeAt(10)
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d || (between !== 0x54 && between !== 0x20))
    return undefined
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined
  let at = 19
  let fraction = 0
  if (text.charCodeAt(19) === 0x2e) {
    let unit = 100
    for (at = 20; ; at++, unit /= 10) {
      const digit = text.charCodeAt(at) - 0x30
      if (!(digit >= 0 && digit <= 9)) break
      if (unit >= 1) fraction += digit * unit
    }
    if (at === 20) return undefined
  }
  const offset = plainOffset(text, at)
  if (offset === undefined) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const time = utc(year, two(text, 5), two(text, 8), two(text, 11), two(text, 14), two(text, 17), fraction)
  return time === undefined ? undefined : time - offset
}

/** What the zone from `at` to the end is ahead of UTC, milliseconds; undefined when it is written in another way. */
function plainOffset(text: string, at: number): number | undefined {
  const left = text.length - at
  const sign = text.charCodeAt(at)
  if (left === 0 || (left === 1 && sign === 0x5a)) return 0
  if (sign !== 0x2b && sign !== 0x2d) return undefined
  const minutesAt = left === 5 ? at + 3 : left === 6 && text.charCodeAt(at + 3) === 0x3a ? at + 4 : undefined
  if (minutesAt === undefined) return undefined
  const offset = (two(text, at + 1) * 60 + two(text, minutesAt)) * 60_000
  if (Number.isNaN(offset)) return undefined
  return sign === 0x2d ? -offset : offset
}

/** The number of two digits, or NaN. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30
  const ones = text.charCodeAt(at + 1) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const zone = String.raw`(?: ?(?<zone>Z|UTC|GMT|[A-Z]{3,4}|[+-]\d\d(?::?\d\d)?)(?: ?\([A-Z]+\))?)?`
const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?`
const isoPattern = new RegExp(
  String.raw`^(?<year>\d{4})([-/])(?<month>\d\d)\2(?<day>\d\d)(?:(?:T|t| +)${clock}${zone})?$`,
  'i',
)
const basicPattern = new RegExp(
  String.raw`^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?:[.,](?<fraction>\d+))?${zone}$`,
  'i',
)

const weekDay = String.raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +)?`
const wordPatterns = [
  // Jul 10 11:45:00 · Jul 10 2023 11:45:00 · Mon Jul 10 11:45:00 2023 UTC · Mon Jul 10 11:45:00 UTC 2023
  String.raw`^${weekDay}(?<name>[A-Z][a-z]{2}) +(?<day>\d\d?),?(?: +(?<year>\d{4}))? +${clock}${zone}(?: +(?<late>\d{4}))?(?: (?<lateZone>UTC|GMT))?$`,
  // Mon, 10 Jul 2023 11:45:00 +0200 · 10-Jul-2023 11:45:00
  String.raw`^${weekDay}(?<day>\d\d?)[ -]+(?<name>[A-Z][a-z]{2})[ -]+(?<year>\d{4}) +${clock}${zone}$`,
  // 10/Jul/2023:11:45:00 +0000
  String.raw`^\[?(?<day>\d\d?)/(?<name>[A-Z][a-z]{2})/(?<year>\d{4}):${clock}${zone}\]?$`,
].map((source) => new RegExp(source, 'i'))

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Hours ahead of UTC of the zone names of RFC 2822; any other name is ambiguous and read as UTC. */
const zoneHours: Readonly<Record<string, number>> = {
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
}

type Parts = Readonly<Record<string, string | undefined>>

function fromIso(text: string): number | undefined {
  const parts: Parts | undefined = (isoPattern.exec(text) ?? basicPattern.exec(text))?.groups
  return parts && timeOf(parts, Number(parts['year']), Number(parts['month']))
}

function fromWords(text: string, reference: number): number | undefined {
  for (const pattern of wordPatterns) {
    const parts: Parts | undefined = pattern.exec(text)?.groups
    if (!parts) continue
    const month = months.indexOf(parts['name']!.toLowerCase()) + 1
    const year = parts['year'] ?? parts['late']
    return year === undefined ? nearestYear(parts, month, reference) : timeOf(parts, Number(year), month)
  }
  return undefined
}

/** The latest year in which the time exists and is no more than a day ahead of `reference`: December is read in January. */
function nearestYear(parts: Parts, month: number, reference: number): number | undefined {
  const latest = new Date(reference + 86_400_000)
  for (let year = latest.getUTCFullYear(), tries = 0; tries < 9; year--, tries++) {
    const time = timeOf(parts, year, month)
    if (time !== undefined && time <= latest.getTime()) return time
  }
  return undefined
}

function timeOf(parts: Parts, year: number, month: number): number | undefined {
  const fraction = parts['fraction'] === undefined ? 0 : Math.floor(Number(`0.${parts['fraction']}`) * 1000)
  const [hour, minute, second] = [parts['hour'], parts['minute'], parts['second']].map((part) => Number(part ?? 0))
  const time = utc(year, month, Number(parts['day']), hour!, minute!, second!, fraction)
  return time === undefined ? undefined : time - offsetMs(parts['zone'] ?? parts['lateZone'] ?? 'Z')
}

function offsetMs(name: string): number {
  const digits = /^([+-])(\d\d):?(\d\d)?$/.exec(name)
  if (!digits) return (zoneHours[name.toUpperCase()] ?? 0) * 3_600_000
  const minutes = Number(digits[2]) * 60 + Number(digits[3] ?? 0)
  return (digits[1] === '-' ? -minutes : minutes) * 60_000
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Undefined for what no calendar or clock shows. Second 60 (a leap second) is the next minute's first. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number) {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= monthDays[month - 1]!)) return undefined
  if (!(hour <= 24 && minute <= 59 && second <= 60)) return undefined
  if (month === 2 && day === 29 && new Date(Date.UTC(year, 1, 29)).getUTCMonth() !== 1) return undefined
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms)
  return Number.isNaN(time) ? undefined : time
}
