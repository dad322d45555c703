// The vendor's figures, or what each carries after the pools are divided. Both have the same total.
import { SegmentedControl, Tooltip } from '@mantine/core'
import { useScreenSearch, useSetSearch } from './go.ts'
import type { View } from './search.ts'

export function useView(): View {
  return useScreenSearch().view ?? 'adjusted'
}

export function ViewSwitch() {
  const view = useView()
  const setSearch = useSetSearch()
  return (
    <Tooltip label="Actual: as the vendor billed it. Adjusted: after pools are divided." openDelay={600}>
      <SegmentedControl
        aria-label="View"
        size="sm"
        fullWidth
        data={[
          { value: 'actual', label: 'Actual' },
          { value: 'adjusted', label: 'Adjusted' },
        ]}
        value={view}
        onChange={(value) => setSearch({ view: value === 'actual' ? 'actual' : undefined })}
      />
    </Tooltip>
  )
}
