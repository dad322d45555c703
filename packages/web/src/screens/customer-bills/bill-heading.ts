// What stands above the sections of a bill: who it is for and what it comes to.
import type { AnswerOf } from '@spillway/server/client'

export type BillHeading = AnswerOf<'listBillSections'>['heading']
