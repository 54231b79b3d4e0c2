import type { Surroundings } from '../../src/runtimes/aws/surroundings.ts'
import { logBucket } from './place.ts'

/** The part of an SDK's client that calls go through: https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/ */
interface Middlewares {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void
  }
}

/** Calls that leave something behind. */
const durable = /^(BatchWrite|Delete|Put|Send|Update)/

/**
 * Ends a function at its nth durable step, counted over all functions of a run: before it, or when it is done but nobody knows. Whatever
 * the function does after that fails as well, for it is gone; the next one that is started works.
 */
export function crashAt(nth: number, when: 'before' | 'after') {
  let steps = 0
  let latest = lifeOf()
  return {
    steps: () => steps,
    gone: () => latest.gone,
    around(around: Surroundings): Surroundings {
      const life = lifeOf()
      latest = life
      const check = () => {
        if (life.isGone) throw new Error('crash')
      }
      const crash = () => {
        life.end()
        check()
      }
      const breakable = <C>(client: C): C => {
        ;(client as Middlewares).middlewareStack.add(
          (next, { commandName = '' }) =>
            async (args) => {
              check()
              if (!durable.test(commandName)) return next(args)
              const isTheOne = ++steps === nth
              if (isTheOne && when === 'before') crash()
              const answer = await next(args)
              if (isTheOne) crash()
              check()
              return answer
            },
          { step: 'initialize', name: 'crash' },
        )
        return client
      }
      const { dynamo, s3 } = around
      return { ...around, dynamo: () => breakable(dynamo()), s3: () => breakable(s3()) }
    },
  }
}

/** The time from a function's start to its crash. */
function lifeOf() {
  const { promise: gone, resolve } = Promise.withResolvers<'gone'>()
  const life = {
    isGone: false,
    gone,
    end() {
      life.isGone = true
      resolve('gone')
    },
  }
  return life
}

/** Fails the first reading of each object: what a message announced comes again, and others of its batch do not. */
export function failingReads() {
  const seen = new Set<string>()
  return (around: Surroundings): Surroundings => ({
    ...around,
    s3() {
      const client = around.s3()
      ;(client as unknown as Middlewares).middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            const { Bucket, Key = '' } = (args as { input: { Bucket?: string; Key?: string } }).input
            if (commandName !== 'GetObjectCommand' || Bucket !== logBucket || seen.has(Key)) return next(args)
            seen.add(Key)
            throw new Error('read failed')
          },
        { step: 'initialize', name: 'fail' },
      )
      return client
    },
  })
}
