// To the document that says so, such as `SharePlan/fleet v2`; the screen shows its newest version, and the others under a tab.
import { CATALOGUE } from '../../screens/catalogue/kinds.ts'
import { ScreenLink } from '../screen-link.tsx'

export function RuleLink({ rule }: { readonly rule: string }) {
  const [, kind = '', name = '', version = ''] = /^(\w+)\/(.+?)(?: v(\d+))?$/.exec(rule) ?? []
  const found = CATALOGUE.find((one) => one.kind === kind)
  const said = version === '' ? name : `${name}, version ${version}`
  if (kind === 'SharePlan')
    return <ScreenLink to={`/share-plans/${encodeURIComponent(name)}`}>share plan {said}</ScreenLink>
  if (found === undefined) return <span>{rule}</span>
  return (
    <ScreenLink to="/catalogue" search={{ tab: found.tab, chosen: name }}>
      {found.one} {said}
    </ScreenLink>
  )
}
