// The last part of a printed explanation: who has the service on which days, what each carries, and the rows that say so.
import type { Explanation, Stay } from './explanation.ts'
import { counted, formatMoney, joined, padder, rangeText } from './line-text.ts'

const WHOLE_PPM = 1_000_000

export function assignmentLines({ assignment }: Explanation): string[] {
  const { stays, lines, lineCount, carriedBy } = assignment
  const owners = carriedBy.map(({ currency, actualMinor, adjustedMinor, ...owner }) => {
    const amounts = `${formatMoney(adjustedMinor, currency)} ${currency}`
    const actual = actualMinor === adjustedMinor ? '' : ` (actual ${formatMoney(actualMinor, currency)})`
    return `  ${ownerText(owner)}: ${amounts}${actual}`
  })
  const days = padder(
    stays.map((stay) => String(stay.days)),
    'left',
  )
  const places = padder(lines.map(({ at }) => at.place))
  return [
    carriedBy.length === 0 ? 'Assigned, with nothing to carry:' : 'Carried by:',
    ...owners,
    ...stays.map(
      (stay) => `  ${days(String(stay.days))} days ${rangeText(stay)}  ${ownerText(stay)}${shareText(stay)}`,
    ),
    ...lines.map((line) => {
      const share = line.sharePpm === null || line.sharePpm === WHOLE_PPM ? '' : percent(line.sharePpm)
      const words = [line.fact, line.id, line.fact === 'person' ? '' : line.person, line.costCentre, line.project]
      return `    ${places(line.at.place)}  ${joined([...words, share, rangeText(line)])}`
    }),
    ...(lineCount === lines.length ? [] : [`    … ${counted(lineCount - lines.length, 'more row')}`]),
  ]
}

type Named = Pick<Stay, 'person' | 'costCentre' | 'project'> & {
  readonly personName?: string
  readonly costCentreName?: string
  readonly projectName?: string
}

/** `E-7 Ada Byron · cost centre SALES Sales · project X-1`, or `unassigned`. */
function ownerText({
  person,
  costCentre,
  project,
  personName = '',
  costCentreName = '',
  projectName = '',
}: Named): string {
  const parts = [
    joined([person, personName]),
    costCentre === '' ? '' : joined(['cost centre', costCentre, costCentreName]),
    project === '' ? '' : joined(['project', project, projectName]),
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'unassigned' : parts.join(' · ')
}

function shareText({ sharePpm }: Stay): string {
  return sharePpm === WHOLE_PPM ? '' : `, ${percent(sharePpm)}`
}

/** 333333 millionths are `33.3333 %`. */
function percent(ppm: number): string {
  return `${String(ppm / 10_000)} %`
}
