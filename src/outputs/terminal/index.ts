import { z } from 'zod'
import { defineOutput } from '../../core/component.ts'
import { publicationJson } from '../../core/publish.ts'
import { renderAlert } from './render.ts'

/** Shows alerts where the engine runs. The implicit output `terminal:screen` is one of these. */
export default defineOutput({
  name: 'terminal',
  summary: 'Shows each alert on the terminal the engine runs in.',
  config: z.strictObject({
    format: z
      .enum(['text', 'json'])
      .default('text')
      .meta({ description: '`text` for people, `json` for programs: one alert a line, with nothing masked.' }),
  }),
  examples: [
    { title: 'For people', config: {} },
    { title: 'For programs', config: { format: 'json' } },
  ],
  create: ({ format }, host) => ({
    async send({ alert, publication }) {
      const { screen } = host
      if (format === 'json') return screen.write(`${publicationJson(publication)}\n`)
      const { colour, columns } = screen
      screen.write(`${renderAlert(alert, { colour, columns, sensitive: host.sensitive(alert.schema) })}\n`)
    },
  }),
})
