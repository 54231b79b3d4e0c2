import { defineRule } from 'streamalert'
import { app } from '../schemas/app.ts'

const common = { severity: 'low', schemas: [app] } as const

export default [
  defineRule({
    ...common,
    name: 'deleted',
    description: 'Each deletion, several of one host as one.',
    match: ({ event }) => event === 'delete',
    merge: { by: ['host'], window: '5m' },
  }),
  defineRule({
    ...common,
    name: 'failing',
    description: 'Three failures of one host.',
    match: ({ event }) => event === 'failure',
    threshold: { count: 3, per: ['host'], window: '10m' },
  }),
  defineRule({
    ...common,
    name: 'large',
    description: 'Much at once, at most two in one alert.',
    match: ({ bytes }) => bytes > 1_000_000,
    merge: { by: ['event'], window: '15m', limit: 2 },
  }),
  defineRule({
    ...common,
    name: 'broken',
    description: 'Fails on what it does not expect.',
    match: ({ event }) => event.split(' ')[1]!.length > 100,
  }),
]
