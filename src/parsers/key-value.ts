import { z } from 'zod'
import { defineParser } from '../core/parser.ts'
import { compilePairs, plainEscapes } from './shared/pairs.ts'

const options = z.strictObject({
  pairs: z.string().min(1).default(' ').meta({ description: 'Stands between two pairs; repeats count as one.' }),
  separator: z
    .string()
    .min(1)
    .default('=')
    .meta({ description: 'Stands between a key and its value; a value may contain it.' }),
  quotes: z
    .string()
    .default('"')
    .meta({ description: 'Characters that may enclose a key or a value. Inside, `\\"` and `\\\\` are escapes.' }),
  repeated: z.enum(['list', 'first', 'last']).default('list').meta({
    description: 'What a key that comes more than once gives: a list of all its values, the first, or the last.',
  }),
  words: z.enum(['text', 'flag', 'reject']).default('text').meta({
    description:
      'What words without a separator give: together the field `text`, each a field that is true, or a failure.',
  }),
})

/** `key=value` pairs with any separators. A text without a single pair is a failure; `key=` gives an empty text. */
export const keyValue = defineParser({
  name: 'key-value',
  summary: 'Pairs of keys and values with any separators, quoted or not.',
  options,
  framing: () => 'lines',
  compile: (given) => compilePairs({ ...given, unescape: plainEscapes }),
})
