// Every amount that a cell may be said to hold, read by rules of its own: a second opinion on the importers' readers. Knows no
// format: a comma may be of thousands or of decimals. What it does not find no importer may find.

const SPACES = /[\s\u00a0\u202f]/g
const DECIMALS = [0, 2, 3, 4] as const

/** Minor units in currencies of none, two, three and four decimals, of either sign. */
export function minorsWritten(cell: string): ReadonlySet<bigint> {
  const found = new Set<bigint>()
  const bare = cell
    .replace(/\b[A-Z]{3}\b|[$€£¥%]|\bCR\b|\bDR\b/gi, '')
    .replace(SPACES, ' ')
    .trim()
  const inside = /^\((.*)\)$/.exec(bare)?.[1]?.trim() ?? bare
  const unsigned = inside
    .replace(/^[-+\u2212\u2013]\s*/, '')
    .replace(/\s*[-+\u2212\u2013]$/, '')
    .trim()
  for (const text of readings(unsigned)) addReading(text, found)
  return found
}

/** As plain decimals: each mark once as the point and once as the mark of thousands. */
function readings(text: string): ReadonlyArray<string> {
  const found: string[] = []
  if (/^\d+$/.test(text)) found.push(text)
  for (const point of ['.', ',', "'"]) {
    const [whole = '', fraction, ...more] = text.split(point)
    if (more.length > 0 || (fraction !== undefined && !/^\d*$/.test(fraction))) continue
    for (const mark of ['.', ',', ' ', "'", '\u2019']) {
      if (mark === point) continue
      const groups = whole.split(mark)
      const isGrouped = /^\d{1,3}$/.test(groups[0] ?? '') && groups.slice(1).every((group) => /^\d{3}$/.test(group))
      if (isGrouped || /^\d*$/.test(whole)) found.push(`${isGrouped ? groups.join('') : whole}.${fraction ?? ''}`)
    }
  }
  for (const mark of ['.', ',', ' ', "'", '\u2019'])
    if (text.includes(mark) && new RegExp(`^\\d{1,3}(?:\\${mark}\\d{3})+$`).test(text))
      found.push(text.replaceAll(mark, ''))
  return found
}

function addReading(text: string, found: Set<bigint>): void {
  const [whole = '', fraction = ''] = text.split('.')
  if (whole === '' && fraction === '') return
  const significant = fraction.replace(/0+$/, '')
  for (const decimals of DECIMALS) {
    if (significant.length > decimals) continue
    const minor = BigInt(`${whole}${significant.padEnd(decimals, '0')}`)
    found.add(minor)
    found.add(-minor)
  }
}
