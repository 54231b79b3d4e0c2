import type { Message } from '../../core/contracts/index.ts'

/** A system of tickets, as one send sees it. Tickets are named by what their system calls them. */
export interface Tickets {
  /** The ticket of this alert (or of the alert it updates), where an earlier try or another engine has made it. */
  readonly find: () => Promise<string | undefined>
  /** Makes one. Undefined: the system does not say what it is called. */
  readonly create: () => Promise<string | undefined>
  readonly comment: (ticket: string) => Promise<void>
}

/**
 * One ticket for each alert, in systems that would make one for each request: what is there already is found first. An update
 * becomes a comment on its alert's ticket, or a ticket of its own where there is none. Answers the ticket's name, as a receipt.
 */
export async function fileTicket({ alert, earlier }: Message, tickets: Tickets): Promise<string | undefined> {
  const isUpdate = alert.updates !== undefined
  const ticket = (isUpdate ? earlier : undefined) ?? (await tickets.find())
  if (ticket === undefined) return tickets.create()
  if (isUpdate) await tickets.comment(ticket)
  return ticket
}
