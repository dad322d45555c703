// How full a pool is: the usage, a bar, and the share of its allowance in words. Colour repeats what the words say.
import { Group } from '@mantine/core'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { ShareMeter } from '../../components/share-meter.tsx'

/** Of a row of `report pools`; who sees a part of the members alone sees no allowance. */
export function UsedOfAllowance({ row }: { readonly row: ReportRow }) {
  const format = useFormat()
  const { used, allowance, usage_type: usageType } = row
  const text = format.usage(used ?? '0', usageType ?? '')
  const share = shareOf(used, allowance)
  if (share === null)
    return (
      <span title={used ?? ''} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </span>
    )
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <span title={used ?? ''} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </span>
      <ShareMeter share={share.toFixed(3)} barWidth={64} />
    </Group>
  )
}

/** Quantities are whole base units: a thousandth of them is close enough for a bar. null where nothing is allowed. */
function shareOf(used: string | null | undefined, allowance: string | null | undefined): number | null {
  if (!used || !allowance || BigInt(allowance) <= 0n) return null
  return Number((BigInt(used) * 1000n) / BigInt(allowance)) / 1000
}
