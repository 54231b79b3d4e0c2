/** What the schedules of infra/modules/schedule tell a function that they call. */
export const isMinute = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'source' in event && event.source === 'streamalert.schedule'
