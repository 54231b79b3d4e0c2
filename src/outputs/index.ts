import type { OutputKind } from '../core/component.ts'
import file from './file.ts'
import terminal from './terminal/index.ts'
import webhook from './webhook.ts'

export { file, terminal, webhook }

/** Every kind of output that comes with StreamAlert. */
export const outputs: readonly OutputKind[] = [file, terminal, webhook]
