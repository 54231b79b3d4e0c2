/** A worker of the function that sends, with publishers that do harm. */
import { definePublisher, type Publisher } from '../../../index.ts'
import { serveProject } from '../worker.ts'

const publisher = (name: string, publish: Publisher['publish']) =>
  [name, definePublisher({ name, description: 'For tests.', publish })] as const

serveProject({
  publishers: new Map([
    publisher('stuck', () => {
      for (;;);
    }),
    publisher('plain', (_, before) => ({ ...before, title: 'mine', env: Object.keys(process.env).length })),
  ]),
  ...{ schemas: [], rules: [], tables: new Map(), sources: [] },
})
