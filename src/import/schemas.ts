import type { Schema } from '../core/contracts/index.ts'
import { type CodedError, messageOf } from '../core/errors.ts'
import { filesIn } from './folders.ts'
import { type OldSchema, oldNormalisedTypes, oldSchema, settings } from './forms.ts'
import { type Files, type Read, check, invalid, readFile } from './read.ts'
import { type Draft, convertSchema, faultsOf } from './schema.ts'

/** Converts all log types. Those that are wrong are left out, and their faults go to `problems`. */
export function convertSchemas(files: Files, builtIn: readonly Schema[], problems: CodedError[]): Draft[] {
  const old = readSchemas(files, problems)
  const first = readFile(files, 'conf/normalized_types.json', oldNormalisedTypes, problems)?.value ?? {}
  const lastPriority = Math.max(0, ...old.flatMap(({ value }) => value.configuration.priority ?? []))
  const drafts: Draft[] = []
  for (const { name, value, place } of old) {
    const vendor = name.split(':', 1)[0]!
    const firstNormalisation = Object.hasOwn(first, vendor) ? first[vendor]! : {}
    const draft = convertSchema(name, value, place([name], true), { lastPriority, firstNormalisation, builtIn })
    const earlier = drafts.find(({ options }) => options.name === draft.options.name)
    const faults = earlier ? [clash(draft, earlier)] : faultsIn(draft)
    problems.push(...faults)
    if (faults.length === 0) drafts.push(draft)
  }
  return drafts
}

type Named = Read<OldSchema> & { readonly name: string }

/** `conf/logs.json`, if it is there, stood for all of `conf/schemas`. */
function readSchemas(files: Files, problems: CodedError[]): Named[] {
  const paths = files.has('conf/logs.json') ? ['conf/logs.json'] : filesIn(files, ['conf/schemas'], '.json')
  return paths.flatMap((path) => {
    const json = readFile(files, path, settings, problems)
    return Object.entries(json?.value ?? {}).flatMap(([name, given]): Named[] => {
      const value = check(given, oldSchema, json!, [name], problems)
      return value === undefined ? [] : [{ file: path, name, value, place: json!.place }]
    })
  })
}

function clash(draft: Draft, earlier: Draft): CodedError {
  const first = [earlier.from.file, earlier.from.line].filter(Boolean).join(':')
  const message = `The log type "${draft.old}" is already declared in ${first}${earlier.old === draft.old ? '' : ` as "${earlier.old}"`}.`
  return invalid(
    message,
    draft.from,
    'The Python version took one of them, which one was left to chance. Remove the other.',
  )
}

function faultsIn(draft: Draft): readonly CodedError[] {
  try {
    return faultsOf(draft).map(({ message, hint }) => invalid(message, draft.from, hint))
  } catch (error) {
    return [invalid(`${draft.old}: ${messageOf(error)}`, draft.from)]
  }
}
