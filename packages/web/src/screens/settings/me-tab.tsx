// What somebody chooses for themselves: how figures look, their password, where they are signed in.
import { Stack } from '@mantine/core'
import { PasswordForm } from './password-form.tsx'
import { PreferencesForm } from './preferences-form.tsx'
import { Sessions } from './sessions.tsx'
import { YourRoles } from './your-roles.tsx'

export function MeTab() {
  return (
    <Stack maw={760}>
      <PreferencesForm />
      <YourRoles />
      <PasswordForm />
      <Sessions />
    </Stack>
  )
}
