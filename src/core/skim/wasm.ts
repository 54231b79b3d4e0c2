/** WebAssembly as far as it is used here: the types of Node name it without its members. */
interface Api {
  readonly Module: new (bytes: Uint8Array) => Module
  readonly Instance: new (module: Module, imports: object) => { readonly exports: unknown }
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => Memory
}

declare const kind: unique symbol

export interface Module {
  readonly [kind]: 'module'
}

export interface Memory {
  readonly buffer: ArrayBuffer
  /** By so many pages; whoever has a view of the buffer needs a new one. Throws RangeError beyond the maximum. */
  grow(pages: number): number
}

/** Bytes of a page. */
export const page = 65_536

const api = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly

export const compileModule = (base64: string): Module =>
  new api.Module(Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0)))

export const createMemory = (initial: number, maximum: number): Memory => new api.Memory({ initial, maximum })

/** The functions of a module that works on this memory. */
export const instantiate = (module: Module, memory: Memory): unknown =>
  new api.Instance(module, { env: { memory } }).exports
