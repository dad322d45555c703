// An address that is told of what happens, as the server tells it.
import type { AnswerOf } from '@spillway/server/client'

export type Webhook = AnswerOf<'changeWebhook'>
