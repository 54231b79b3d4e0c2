import { z } from 'zod'
import { defineOutput } from '../core/component.ts'
import { publishJson } from '../core/publish.ts'

/** Shows alerts where the engine runs. The implicit output `terminal:screen` is one of these. */
export default defineOutput({
  name: 'terminal',
  summary: 'Shows each alert on the terminal the engine runs in.',
  config: z.strictObject({
    format: z
      .enum(['text', 'json'])
      .default('text')
      .meta({ description: '`text` for people, `json` for programs: one line each.' }),
  }),
  examples: [{ title: 'For people', config: {} }],
  create: (_config, host) => ({
    async send(alert) {
      host.screen.write(`${publishJson(alert)}\n`)
    },
  }),
})
