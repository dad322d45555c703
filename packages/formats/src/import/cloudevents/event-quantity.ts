// How much an event is of: a number with its unit beside it, or a member that is named after its unit. Refuses to choose
// where there are several.

/** Members of `data` that are named after a unit. */
export const UNIT_MEMBERS = {
  'data.bytes': 'B',
  'data.b': 'B',
  'data.kb': 'kB',
  'data.mb': 'MB',
  'data.gb': 'GB',
  'data.tb': 'TB',
  'data.kib': 'KiB',
  'data.mib': 'MiB',
  'data.gib': 'GiB',
  'data.tib': 'TiB',
  'data.seconds': 's',
  'data.duration_seconds': 's',
  'data.minutes': 'min',
  'data.hours': 'h',
  'data.count': 'count',
} as const
export type UnitMember = keyof typeof UNIT_MEMBERS
export const UNIT_MEMBER_NAMES = Object.keys(UNIT_MEMBERS) as ReadonlyArray<UnitMember>

/** Other words for units; case matters in those that are not here. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  byte: 'B',
  bytes: 'B',
  kb: 'kB',
  KB: 'kB',
  mb: 'MB',
  gb: 'GB',
  tb: 'TB',
  sec: 's',
  second: 's',
  seconds: 's',
  minute: 'min',
  minutes: 'min',
  hour: 'h',
  hours: 'h',
}

export function unitOfWord(word: string): string {
  return (Object.hasOwn(UNIT_WORDS, word) ? UNIT_WORDS[word] : undefined) ?? word
}
