import { z } from 'zod'
import type { ParseText } from '../../core/contracts/index.ts'
import { messageOf } from '../../core/errors.ts'
import { defineParser } from '../../core/parser.ts'
import { put } from '../shared/record.ts'
import { union } from './chars.ts'
import { compilePattern, signsOf } from './compile.ts'
import { patternLibrary } from './library.ts'

const options = z.strictObject({
  pattern: z.union([z.string(), z.array(z.string()).min(1), z.record(z.string(), z.string())]).meta({
    description:
      'One or several regular expressions with named groups; the first that covers the whole text counts. `%{NAME}` stands for a named pattern, `%{NAME:field}` for a field that it fits. Several may have names themselves; see `as`.',
  }),
  as: z.string().optional().meta({ description: 'Field that says which pattern was found, when patterns have names.' }),
  definitions: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: 'Further named patterns: name → expression.' }),
  absent: z
    .array(z.string())
    .default([])
    .meta({ description: 'Fields with one of these texts are left out, such as `-`.' }),
})

/** Any text, by regular expressions that are checked beforehand: one that could take exponential time is refused. */
export const pattern = defineParser({
  name: 'pattern',
  summary: 'Text of any form, by regular expressions with named groups; the common grok names are available.',
  options,
  framing: () => 'lines',
  gate(given) {
    const library = libraryOf(given)
    const signs = sourcesOf(given).map(([, source]) => signsOf(source, library))
    const first = union(...signs.map((sign) => sign.first))
    const literals = [...new Set(signs.map(({ literal }) => literal))]
    return {
      name: `pattern ${JSON.stringify([first, literals])}`,
      begins: (code) => first.some(([from, to]) => code >= from && code <= to),
      // Short ones are in most texts.
      ...(literals.every(({ length }) => length > 3)
        ? { words: literals }
        : { passes: (text) => literals.some((literal) => text.includes(literal)) }),
    }
  },
  compile(given): ParseText {
    const { as } = given
    const library = libraryOf(given)
    const absent = new Set(given.absent)
    const forms = sourcesOf(given).map(([name, source]) => ({
      name,
      ...compilePattern(source, library, absent),
    }))
    const longest = Math.max(...forms.map((form) => form.maxLength))
    return (text) => {
      try {
        for (const { name, maxLength, read } of forms) {
          const data = text.length > maxLength ? undefined : read(text)
          if (data === undefined) continue
          if (as !== undefined) put(data, as, name)
          return [{ data }]
        }
      } catch (error) {
        // V8 gives up on a text for which its stack of alternatives has no room.
        return { failure: `the pattern cannot be tried: ${messageOf(error)}` }
      }
      if (text.length > longest)
        return { failure: `longer than ${longest} characters, the most that the pattern can take in good time` }
      return { failure: forms.length === 1 ? 'the pattern does not cover the text' : 'no pattern covers the text' }
    }
  },
})

type Options = z.output<typeof options>

const libraryOf = ({ definitions }: Options) => new Map([...patternLibrary, ...Object.entries(definitions)])

/** Name → pattern; those of a list are named by their places. */
const sourcesOf = ({ pattern: given }: Options) => Object.entries(typeof given === 'string' ? [given] : given)
