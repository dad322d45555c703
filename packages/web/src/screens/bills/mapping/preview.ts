// What a preview of a draft's file answers, the saved mapping it may stand on, and the part of the file that is shown.
import type { AnswerOf } from '@spillway/server/client'

export type Preview = AnswerOf<'previewDraftFile'>
export type SavedSource = AnswerOf<'getDocument'>
export type Part = { readonly member: string; readonly sheet: string }
