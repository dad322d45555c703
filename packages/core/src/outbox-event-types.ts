// What others can be told of when it happens: the words that a webhook asks for.
export const OUTBOX_EVENT_TYPES = [
  'run.closed',
  'run.published',
  'run.reopened',
  'alert.raised',
  'import.finished',
  'import.failed',
] as const
export type OutboxEventType = (typeof OUTBOX_EVENT_TYPES)[number]
