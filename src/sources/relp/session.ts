import type { SourceHost } from '../../core/component.ts'
import type { Keep } from '../listen/keep.ts'
import type { Connection } from '../listen/streams.ts'
import { entriesOf, trimmed } from '../syslog/messages.ts'
import { createFrameReader, encodeFrame, type Frame, type FrameOptions } from './frames.ts'

/** What we say of ourselves, and that messages are all we take. */
const offers = 'relp_version=0\nrelp_software=streamalert\ncommands=syslog'
const good = '200 OK'
/** A hint of the server that it will close; it has no transaction. */
const closing = encodeFrame(0, 'serverclose', '')

/**
 * Speaks RELP with one sender until it closes: messages are acknowledged, in their order, once all that came with them are
 * durable. What is not RELP ends the session; what was not acknowledged then, the sender sends again.
 */
export async function serveSession(
  { send, chunks }: Connection,
  options: FrameOptions,
  keep: Keep,
  host: Pick<SourceHost, 'count'>,
): Promise<void> {
  const reader = createFrameReader(options)
  let isOpen = false
  let isOver = false

  /** What a frame is answered. */
  function answer({ transaction, command, data }: Frame): string {
    if (command === 'open' && !isOpen) {
      isOpen = understands(data.toString('latin1'))
      isOver = !isOpen
      const text = isOpen ? `${good}\n${offers}` : '500 only RELP version 0 or 1 with the command syslog is understood'
      return encodeFrame(transaction, 'rsp', text)
    }
    if (command === 'close') {
      isOver = true
      return encodeFrame(transaction, 'rsp', '') + closing
    }
    if (command === 'syslog' && isOpen) return encodeFrame(transaction, 'rsp', good)
    host.count('refused')
    isOver ||= !isOpen
    return encodeFrame(transaction, 'rsp', isOpen ? `500 the command is not understood` : '500 open comes first')
  }

  for await (const chunk of chunks) {
    const frames = reader.push(chunk)
    let answers = ''
    const messages: Buffer[] = []
    for (const frame of frames) {
      if (isOver) break
      const wasOpen = isOpen
      answers += answer(frame)
      if (frame.command === 'syslog' && wasOpen) messages.push(trimmed(frame.data))
    }
    if (!(await keep(entriesOf(messages)))) return
    if (!isOver && reader.isBroken()) {
      host.count('refused')
      isOver = true
      answers += closing
    }
    await send(answers)
    if (isOver) return
  }
}

/** Looks at what a sender offers: lines of `name=value`. */
function understands(offered: string): boolean {
  const lines = offered.split('\n').map((line) => line.split('='))
  const of = (name: string) => lines.find(([key]) => key === name)?.[1]
  return ['0', '1'].includes(of('relp_version') ?? '') && (of('commands') ?? '').split(',').includes('syslog')
}
