/**
 * Conditions on fields, declared instead of programmed: the engine can index, explain and mutate them.
 *
 *   where: { eventName: { oneOf: ['StopLogging', 'DeleteTrail'] }, 'userIdentity.type': 'Root', errorCode: { exists: false } }
 *
 * All fields of one object must hold. A list of objects holds when any of them does. A path through a list holds when any
 * element does. Null counts as absent.
 */
export type Where<D> = Conditions<D> | readonly Conditions<D>[]

export type Conditions<D> = { readonly [P in PathOf<D>]?: Condition<ValueAt<D, P>> }

/** A value to be equal to, or tests that must all hold for one and the same value. */
export type Condition<V> = Literal<V> | Tests<V>

export interface Tests<V> {
  readonly equals?: Literal<V>
  readonly oneOf?: readonly Literal<V>[]
  readonly startsWith?: string | readonly string[]
  readonly endsWith?: string | readonly string[]
  readonly contains?: string | readonly string[]
  /** Networks, such as `10.0.0.0/8` or `2001:db8::/32`; text that is no address is in none. */
  readonly cidr?: string | readonly string[]
  readonly matches?: RegExp
  readonly greaterThan?: number
  readonly lessThan?: number
  /** Text is compared without regard to case. */
  readonly ignoreCase?: boolean
  /** True: there is a value. False: there is none; stands alone. */
  readonly exists?: boolean
  /** Holds when no value passes these tests, also when there is none. */
  readonly not?: Condition<V>
}

type Literal<V> = unknown extends V ? string | number | boolean : Extract<NonNullable<V>, string | number | boolean>

type Deep = [never, 0, 1, 2, 3, 4]

/** A name as it is written in a path. */
type Step<K extends string> = K extends `${string}.${string}` ? `['${K}']` : K

/**
 * Paths into a record, as `a.b`; lists are entered; below a `json` field and in a map any name may follow. A name with a dot
 * in it is written `['a.b']`.
 */
export type PathOf<D, Depth extends number = 5> = [Depth] extends [never]
  ? never
  : unknown extends D
    ? string
    : D extends readonly (infer E)[]
      ? PathOf<E, Depth>
      : D extends object
        ? { [K in keyof D & string]: Step<K> | `${Step<K>}.${PathOf<D[K], Deep[Depth]>}` }[keyof D & string]
        : never

/** The type of the value at a path; `unknown` where the schema does not say. */
export type ValueAt<D, P> = unknown extends D
  ? unknown
  : D extends readonly (infer E)[]
    ? ValueAt<E, P>
    : D extends object
      ? P extends keyof D
        ? Element<D[P]>
        : P extends `['${infer K}']`
          ? ValueAt<D, K>
          : P extends `['${infer K}'].${infer Rest}`
            ? ValueUnder<D, K, Rest>
            : P extends `${infer K}.${infer Rest}`
              ? ValueUnder<D, K, Rest>
              : never
      : never

type ValueUnder<D, K, Rest> = K extends keyof D ? ValueAt<D[K], Rest> : never

type Element<V> = NonNullable<V> extends readonly (infer E)[] ? E : V
