import type { OutputKind } from '../core/component.ts'
import { CodedError } from '../core/errors.ts'
import { type Asker, type Input } from './input.ts'
import { type Field, fieldsOf, findField, keyOf, type Options, valueOf, withValue } from './output-fields.ts'

/** An answer, and the field it is for. */
export interface Answer {
  readonly field: Field
  readonly value: unknown
}

/** Answers on the command line and beside it. */
export interface GivenAnswers {
  /** `key=value` */
  readonly set?: readonly string[]
  /** `key=VARIABLE` */
  readonly secretFromEnv?: readonly string[]
  /** The key whose value is on standard input. */
  readonly secretFromStdin?: string
}

/** What was given without a question. Throws USAGE, CONFIG_UNKNOWN_NAME. */
export async function givenAnswers(kind: OutputKind, given: GivenAnswers, input: Input): Promise<readonly Answer[]> {
  const fields = fieldsOf(kind.config)
  const { set = [], secretFromEnv = [], secretFromStdin } = given
  const named = (text: string, form: string): [Field, string] => {
    const at = text.indexOf('=')
    if (at <= 0) throw new CodedError('USAGE', `A value was given without its key: write ${form}.`)
    return [findField(text.slice(0, at), fields, kind.name), text.slice(at + 1)]
  }
  const answers: Answer[] = []
  for (const text of set) {
    const [field, value] = named(text, '--set key=value')
    answers.push({ field, value: valueOf(value, field) })
  }
  for (const text of secretFromEnv) {
    const [field, variable] = named(text, '--secret-from-env key=VARIABLE')
    const value = input.env[variable]
    if (!value) throw new CodedError('USAGE', `The environment variable ${variable} is not set, or empty.`)
    answers.push({ field: { ...field, secret: true }, value })
  }
  if (secretFromStdin !== undefined) {
    const field = findField(secretFromStdin, fields, kind.name)
    const value = await input.read()
    if (value === '') throw new CodedError('USAGE', `Standard input is empty: there is no value for ${keyOf(field)}.`)
    answers.push({ field: { ...field, secret: true }, value })
  }
  return answers
}

/** `answers` as options. */
export const optionsOf = (answers: readonly Answer[]): Options =>
  answers.reduce<Options>((options, { field, value }) => withValue(options, field.path, value), {})

/**
 * Asks a person for what is still to be said: what is required; and, when they want it or nothing works without, all else
 * that one answer can give.
 */
export async function askAnswers(kind: OutputKind, given: readonly Answer[], ask: Asker): Promise<readonly Answer[]> {
  const answers = [...given]
  const isOpen = (field: Field) => !answers.some((one) => keyOf(one.field).startsWith(keyOf(field)))
  const open = fieldsOf(kind.config).filter(
    (field) => isOpen(field) && field.takes !== 'map' && field.takes !== 'value',
  )
  const askEach = async (fields: readonly Field[]) => {
    for (const field of fields) {
      const value = await askOne(field, kind, answers, ask)
      if (value !== undefined) answers.push({ field, value })
    }
  }
  await askEach(open.filter(({ required }) => required))
  const optional = open.filter(({ required }) => !required)
  const isEnough = kind.config.safeParse(optionsOf(answers)).success
  // Where one of several options is enough, none of them is required by itself.
  if (!isEnough) await askEach(optional.filter(({ preset }) => preset === undefined))
  else if (optional.length > 0 && (await ask.confirm('Set further options?', false))) await askEach(optional)
  return answers
}

async function askOne(field: Field, kind: OutputKind, answers: readonly Answer[], ask: Asker): Promise<unknown> {
  const { takes, choices, preset, required, secret, description } = field
  const message = `${keyOf(field)}: ${description}${required ? '' : ' (may be left empty)'}`
  const shown = preset === undefined ? undefined : typeof preset === 'string' ? preset : JSON.stringify(preset)
  if (takes === 'choice' && required) return ask.choice(message, choices, shown)
  const check = (text: string) => {
    if (text === '' || text === shown) return required && text === '' ? 'It is needed.' : undefined
    return faultOf(kind, [...answers, { field, value: valueOf(text, field) }], field)
  }
  const question = { message, ...(shown !== undefined && { preset: shown }), check }
  const text = secret ? await ask.secret(question) : await ask.text(question)
  return text === '' || text === shown ? undefined : valueOf(text, field)
}

/** What the declaration says against the value of one field. */
function faultOf(kind: OutputKind, answers: readonly Answer[], field: Field): string | undefined {
  const { error } = kind.config.safeParse(optionsOf(answers))
  const issue = error?.issues.find(({ path }) => path.join('.').startsWith(keyOf(field)))
  if (issue?.code !== 'invalid_union') return issue?.message
  return issue.errors.flat().map(({ message }) => message)[0] ?? issue.message
}
