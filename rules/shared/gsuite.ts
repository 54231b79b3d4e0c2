import { dig, digText, several } from './data.ts'

interface Activity {
  readonly events: readonly { readonly name: string; readonly parameters?: unknown }[]
}

/** The value of a parameter of one event of Google Workspace, as text; several are joined by commas. Empty: there is none. */
export function parameterOf(event: { readonly parameters?: unknown }, name: string): string {
  const found = several(event.parameters).find((parameter) => dig(parameter, 'name') === name)
  const single = ['value', 'boolValue', 'intValue'].map((kind) => digText(found, kind)).find(Boolean)
  return single ?? several(dig(found, 'multiValue')).join(', ')
}

/** The first event of a report with this name, for which `holds`. A report may tell of several. */
export const eventNamed = (
  report: Activity,
  names: readonly string[],
  holds: (parameter: (name: string) => string) => boolean = () => true,
) => report.events.find((event) => names.includes(event.name) && holds((name) => parameterOf(event, name)))

/** The value of a parameter, from the first event of a report that has it. */
export const parameterIn = (report: Activity, name: string): string =>
  report.events.map((event) => parameterOf(event, name)).find(Boolean) ?? ''
