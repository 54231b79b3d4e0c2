import { describe, expect, test } from 'vitest'
import { sampleAlert } from '../../testing/sample-alert.ts'
import { publish } from '../publish.ts'
import { definePublisher } from '../publisher.ts'
import { publicationAfter, runPublishers } from './chain.ts'
import { publisherNames, publishersFor, publishersIn } from './choice.ts'

const naming = (name: string) =>
  definePublisher({
    name,
    description: 'For tests.',
    publish: (_, before) => ({ ...before, said: [...((before['said'] as string[] | undefined) ?? []), name] }),
  })
const [a, b, c] = [naming('a'), naming('b'), naming('c')] as const

describe('which publishers an alert passes', () => {
  test('those of the output, then those of the rule: for all, for the kind, for the one', () => {
    const names = publisherNames({ 'slack:security': a, '*': [b], slack: [c, a] })
    expect(publishersFor('slack:security', ['own'], names)).toEqual(['own', 'b', 'c', 'a', 'a'])
    expect(publishersFor('slack:other', [], names)).toEqual(['b', 'c', 'a'])
    expect(publishersFor('webhook:x', [], names)).toEqual(['b'])
    expect(publishersFor('webhook:x', [], undefined)).toEqual([])
  })

  test('one, or a list, stands for every output', () => {
    expect(publisherNames(a)).toEqual({ '*': ['a'] })
    expect(publisherNames([a, b])).toEqual({ '*': ['a', 'b'] })
    expect(publishersIn({ slack: [a, b], teams: a })).toEqual([a, b])
    expect(publishersIn(undefined)).toEqual([])
  })

  test('a key of every object is no output', () => {
    expect(publishersFor('constructor:x', [], publisherNames({ slack: a }))).toEqual([])
  })
})

describe('a chain of publishers', () => {
  test('begins with the default publication, and each goes on from the one before', () => {
    expect(runPublishers([a, b], sampleAlert, structuredClone)).toEqual({ ...publish(sampleAlert), said: ['a', 'b'] })
    expect(runPublishers([], sampleAlert, structuredClone)).toEqual(publish(sampleAlert))
  })

  test('what one does to its arguments changes neither the alert nor what others get', () => {
    const vandal = definePublisher({
      name: 'vandal',
      description: 'For tests.',
      publish(alert, publication) {
        ;(alert.record.data as Record<string, unknown>)['action'] = 'gone'
        ;(publication['record'] as Record<string, unknown>)['action'] = 'gone too'
        return { kept: publication['rule'] }
      },
    })
    const seeing = definePublisher({
      name: 'seeing',
      description: 'For tests.',
      publish: (alert, before) => ({ ...before, action: alert.record.data['action'] }),
    })
    const alert = structuredClone(sampleAlert)
    expect(runPublishers([vandal, seeing], alert, structuredClone)).toEqual({ kept: 'sudo-in-pci', action: 'added' })
    expect(alert).toEqual(sampleAlert)
  })

  test.each([
    [
      'threw: no such field',
      () => {
        throw new Error('no such field')
      },
    ],
    ['answered no object.', () => undefined],
    ['answered no object.', () => ['list']],
    ['answered a promise; publishers cannot wait.', async () => ({})],
  ])('%s', (how, wrong) => {
    const broken = definePublisher({ name: 'broken', description: 'For tests.', publish: wrong as never })
    expect(() => runPublishers([a, broken], sampleAlert, structuredClone)).toThrow(
      expect.objectContaining({ code: 'PUBLISHER_FAILED', message: `The publisher "broken" ${how}` }),
    )
  })

  test('the default publication says that a publisher failed', () => {
    expect(publicationAfter(sampleAlert, 'why')).toEqual({ ...publish(sampleAlert), publisherFailed: 'why' })
  })
})

test('a declaration says all that is wrong with it', () => {
  expect(() => definePublisher({ name: 'Not a name', description: '', publish: 3 as never })).toThrow(
    'name: "Not a name" is not lower case letters, digits and dashes. description: is missing. publish: is not a function.',
  )
})
