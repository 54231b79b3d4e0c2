/** The schema of a Terraform provider, as far as checking a configuration needs it: names, types, and what must or may be given. */
export interface ProviderSchema {
  readonly provider: Block
  readonly resources: Readonly<Record<string, Block>>
  readonly data: Readonly<Record<string, Block>>
}

export interface Block {
  readonly attributes: readonly Attribute[]
  readonly blocks: readonly NestedBlock[]
}

export interface Attribute {
  readonly name: string
  readonly type: Type
  /** `required`: must be given. `optional`: may be. `computed`: the provider gives it. `both`: may be given, else the provider gives it. */
  readonly use: 'required' | 'optional' | 'computed' | 'both'
}

export interface NestedBlock {
  readonly name: string
  readonly nesting: 'single' | 'list' | 'set'
  readonly min: number
  /** 0: any number. */
  readonly max: number
  readonly block: Block
}

/** As Terraform writes types in JSON: https://developer.hashicorp.com/terraform/internals/json-format#schema-representation */
export type Type =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', Type]
  | readonly ['object', Readonly<Record<string, Type>>]
