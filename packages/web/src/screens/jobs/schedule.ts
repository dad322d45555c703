// What happens by itself, as the server tells it.
import type { AnswerOf } from '@spillway/server/client'

export type Schedule = AnswerOf<'putSchedule'>
