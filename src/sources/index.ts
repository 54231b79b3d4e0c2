import type { SourceKind } from '../core/component.ts'
import { file } from './file.ts'

/** Every kind of source that comes with StreamAlert. */
export const sources: readonly SourceKind[] = [file]
