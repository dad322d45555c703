// What each person costs over all vendors and services; what nobody has stands first.
import { useScreenSearch } from '../../app/go.ts'
import { ListedReport } from '../../components/listed-report.tsx'
import { keepPeriod } from '../../components/page-header.tsx'

export function Screen() {
  const here = useScreenSearch()
  return (
    <ListedReport
      title="People"
      summary="what each costs, over all vendors and services"
      report="charges"
      query={{ by: 'person' }}
      searches="Search people"
      columns={['name', 'key', 'actual', 'adjusted', 'difference']}
      titles={{ name: 'Person', key: 'Employee' }}
      linkOf={({ key }) =>
        key
          ? { to: `/people/${encodeURIComponent(key)}`, search: keepPeriod(here) }
          : { to: '/explore', search: { ...keepPeriod(here), by: 'service', where: ['person='] } }
      }
    />
  )
}
