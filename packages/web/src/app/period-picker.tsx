// Of which month the screen is: the newest closed one unless somebody says another.
import { Select } from '@mantine/core'
import { useFormat } from './format.ts'
import { useSetSearch } from './go.ts'
import { usePeriods } from './periods.ts'

export function PeriodPicker() {
  const { period, all } = usePeriods()
  const setSearch = useSetSearch()
  const format = useFormat()
  if (all.length === 0) return null
  const known =
    period === undefined || all.some((one) => one.period === period)
      ? []
      : [{ value: period, label: `${format.period(period)} (open)` }]
  return (
    <Select
      aria-label="Month"
      w={{ base: 176, xs: 230, md: 290 }}
      allowDeselect={false}
      data={[
        ...known,
        ...all.map((one) => ({
          value: one.period,
          label: `${format.period(one.period)}${one.state === 'published' ? '' : ' (not published)'}`,
        })),
      ]}
      value={period ?? null}
      onChange={(value) => setSearch({ period: value ?? undefined })}
    />
  )
}
