// What a webhook can be told of, in words.
import type { AnswerOf } from '@spillway/server/client'

export type WebhookEvent = AnswerOf<'changeWebhook'>['events'][number]

export const EVENT_WORDS: Readonly<Record<WebhookEvent, string>> = {
  'run.closed': 'a month is closed',
  'run.published': 'a month is published',
  'run.reopened': 'a month is reopened',
  'alert.raised': 'a bucket runs low',
  'import.finished': 'an import ends',
  'import.failed': 'an import fails',
}
export const EVENTS = Object.keys(EVENT_WORDS) as ReadonlyArray<WebhookEvent>
