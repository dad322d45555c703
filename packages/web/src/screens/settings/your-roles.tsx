// What somebody is granted themselves, and what that permits.
import { List, Text } from '@mantine/core'
import { useMe } from '../../app/session.tsx'
import { scopeWords } from './grant-words.ts'
import { Panel } from './panel.tsx'
import { ROLE_NAME, ROLES } from './roles.ts'

export function YourRoles() {
  const { grants } = useMe()
  return (
    <Panel title="Your roles">
      {grants.length === 0 ? (
        <Text size="sm">Nothing is granted to you yet. An owner of the company can do that.</Text>
      ) : (
        <List size="sm">
          {grants.map((grant) => (
            <List.Item key={grant.id}>
              <b>{ROLE_NAME[grant.role]}</b> of {scopeWords(grant)}. {ROLES[grant.role].summary}
            </List.Item>
          ))}
        </List>
      )}
    </Panel>
  )
}
