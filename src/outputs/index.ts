import type { OutputKind } from '../core/component.ts'
import file from './file.ts'
import slack from './slack/index.ts'
import terminal from './terminal/index.ts'
import webhook from './webhook.ts'

export { file, slack, terminal, webhook }

/** Every kind of output that comes with StreamAlert. */
export const outputs: readonly OutputKind[] = [file, slack, terminal, webhook]
