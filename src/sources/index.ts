import type { SourceKind } from '../core/component.ts'
import { awsSqs } from './aws-sqs.ts'
import { file } from './file.ts'

/** Every kind of source that comes with StreamAlert. */
export const sources: readonly SourceKind[] = [awsSqs, file]
