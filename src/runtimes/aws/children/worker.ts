/** A worker of the function that reads, with rules that do harm. */
import { defineRule } from '../../../index.ts'
import { serveProject } from '../worker.ts'
import { schema } from './schema.ts'

const rule = (name: string, match: (n: number) => boolean) =>
  defineRule({
    ...{ name, description: 'For tests.', severity: 'low', schemas: [schema], outputs: ['stdout:all'] },
    match: ({ n }) => match(n),
  })

const full: unknown[] = []
serveProject({
  schemas: [schema],
  rules: [
    rule('stuck', (n) => {
      if (n === 3) for (;;);
      return true
    }),
    rule('full', (n) => {
      if (n === 5) for (;;) full.push(Buffer.alloc(1 << 20, 1))
      return true
    }),
    rule('secrets', () => Object.keys(process.env).length > 0),
    rule('good', () => true),
  ],
  tables: new Map(),
  sources: [{ name: 'aws-kinesis:logs' }],
})
