// Downloads exactly the report that is shown: its filters, its order, all of its rows.
import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReportQuery } from '../api/use-report.ts'

const FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel (XLSX)'],
  ['parquet', 'Parquet'],
  ['ndjson', 'NDJSON'],
] as const

export type ExportMenuProps = {
  readonly report: string
  readonly query: ReportQuery
  readonly sort?: string | undefined
}

export function ExportMenu({ report, query, sort }: ExportMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(([format, label]) => (
          <Menu.Item key={format} component="a" href={addressOf(report, { ...query, sort, format })} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function addressOf(report: string, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return []
    return Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]]
  })
  return `/v1/reports/${encodeURIComponent(report)}?${new URLSearchParams(pairs as string[][])}`
}
