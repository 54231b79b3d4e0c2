import { type Runtime, Session } from 'node:inspector'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where functions of this thread stand in their sources, as `rules/a.ts:12:10` relative to `dir`; undefined where that is not known. */
export function placesOf(functions: readonly unknown[], dir: string): readonly (string | undefined)[] {
  const session = new Session()
  session.connect()
  try {
    const urls = scriptUrls(session)
    return functions.map((fn) => placeOf(session, fn, urls, dir))
  } finally {
    session.disconnect()
  }
}

/** Script id → its URL. The debugger tells of all scripts there are when it is enabled. */
function scriptUrls(session: Session): ReadonlyMap<string, string> {
  const urls = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => void urls.set(params.scriptId, params.url))
  session.post('Debugger.enable')
  session.post('Debugger.disable')
  return urls
}

/** The inspector names objects by what evaluates to them: the function is held under a name while it is asked for. */
const holder = Symbol.for('streamalert.function')

function placeOf(session: Session, fn: unknown, urls: ReadonlyMap<string, string>, dir: string): string | undefined {
  let location: Runtime.RemoteObject | undefined
  Object.defineProperty(globalThis, holder, { value: fn, configurable: true })
  // Within one thread the inspector answers before `post` returns.
  session.post('Runtime.evaluate', { expression: "globalThis[Symbol.for('streamalert.function')]" }, (_, found) => {
    const objectId = found.result.objectId
    if (objectId === undefined) return
    session.post('Runtime.getProperties', { objectId, ownProperties: true }, (failed, properties) => {
      if (failed) return
      location = properties.internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')?.value
    })
  })
  Reflect.deleteProperty(globalThis, holder)
  const { scriptId, lineNumber, columnNumber } = (location?.value ?? {}) as Partial<Location>
  const url = scriptId === undefined ? undefined : urls.get(scriptId)
  if (!url?.startsWith('file:') || lineNumber === undefined) return undefined
  const file = fileURLToPath(url.replace(/[?#].*$/, ''))
  return `${relative(dir, file)}:${lineNumber + 1}:${(columnNumber ?? 0) + 1}`
}

interface Location {
  readonly scriptId: string
  readonly lineNumber: number
  readonly columnNumber: number
}
