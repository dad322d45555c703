// What the directory says of a service in a month: whose it is, and with which vendor. The ways on lead from here.
import { Group } from '@mantine/core'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { Fact } from '../../components/fact.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { type Stint, stintsIn } from './stints.ts'

const OWNERS = [
  ['person', 'Person', '/people'],
  ['cost_centre', 'Cost centre', '/cost-centres'],
  ['project', 'Project', '/projects'],
] as const

export function ServiceFacts({ service, period }: { readonly service: string; readonly period: string }) {
  const { data } = useAsk('listServices', { query: { key: service, limit: 100 } })
  const stints = stintsIn(data?.items ?? [], period)
  const latest = stints.at(-1)
  if (!latest) return null
  const isOwned = stints.some(({ person, cost_centre, project }) => person || cost_centre || project)
  return (
    <Group component="section" aria-label="The service" gap="xl" align="flex-start">
      {OWNERS.map(([name, label, path]) => (
        <Owners key={name} label={label} path={path} stints={stints} name={name} />
      ))}
      {!isOwned && <Fact label="Assigned to">nobody</Fact>}
      {latest.vendor !== '' && <Fact label="Vendor">{latest.vendor}</Fact>}
      {latest.account !== '' && (
        <Fact label="Account">
          <ScreenLink to={`/accounts/${encodeURIComponent(latest.account)}`}>{latest.account}</ScreenLink>
        </Fact>
      )}
      {latest.product !== '' && <Fact label="Product">{latest.product}</Fact>}
      {latest.device_type !== '' && <Fact label="Device">{latest.device_type}</Fact>}
    </Group>
  )
}

type OwnersProps = {
  readonly label: string
  readonly path: string
  readonly name: (typeof OWNERS)[number][0]
  readonly stints: ReadonlyArray<Stint>
}

/** Of a split assignment, or after a change within the month, several. */
function Owners({ label, path, name, stints }: OwnersProps) {
  const format = useFormat()
  const owners = new Map(stints.filter((one) => one[name] !== '').map((one) => [one[name], one.share_ppm]))
  if (owners.size === 0) return null
  return (
    <Fact label={label}>
      <Group gap="sm">
        {[...owners].map(([key, sharePpm]) => (
          <span key={key}>
            <ScreenLink to={`${path}/${encodeURIComponent(key)}`}>
              {name === 'person' ? <PersonName person={key} /> : key}
            </ScreenLink>
            {sharePpm !== null && ` ${format.share(String(Number(sharePpm) / 1_000_000))}`}
          </span>
        ))}
      </Group>
    </Fact>
  )
}

function PersonName({ person }: { readonly person: string }) {
  const { data } = useAsk('listPeople', { query: { key: person, limit: 50 } })
  return data?.items.at(-1)?.name || person
}
