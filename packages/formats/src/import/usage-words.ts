// Which kind of use an item of an American wireless bill is for, by its words.
import type { UsageType } from '@spillway/core'

const DATA_WORDS =
  /\bdata\b|\d\s*[gm]b\b|gigabyte|megabyte|kilobyte|\bkb\b|\b[45]g\b|\blte\b|broadband|\bmbb\b|hot ?spot|jetpack|mifi|tablet|smart ?phone|blackberry|e-?mail|internet|\bm2m\b|telemetry|\bunl(imited)?\b.*\bplus\b|my biz plan|business unlimited/i
const VOICE_WORDS =
  /calling|\bminutes?\b|\bmins?\b|talk|\bvoice\b|nationwide|\bcalls?\b|share ?plan|america'?s choice|anytime|flexible business|long.?distance|411|directory/i
const MESSAGING_WORDS = /messag|\bmsgs?\b|\btxt\b|\btexts?\b|\bsms\b|\bmms\b|picture|\bpix\b/i

/** data, voice or messaging by the words of the item, then of its category; data first, since plans now sell data. */
export function usageTypeOfWords(words: { readonly category: string; readonly item: string }): UsageType | '' {
  for (const text of [words.item, words.category]) {
    if (DATA_WORDS.test(text)) return 'data'
    if (VOICE_WORDS.test(text)) return 'voice'
    if (MESSAGING_WORDS.test(text)) return 'messaging'
  }
  return ''
}
