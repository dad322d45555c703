// The ways in which a bill is divided into sections, in the order of their tabs.
export const SECTIONS = [
  ['user-id', 'By user id'],
  ['service', 'By service'],
  ['cost-centre', 'By cost centre'],
  ['project', 'By project'],
] as const
export type SectionsBy = (typeof SECTIONS)[number][0]
