// Signing in: stays at the address that was asked for, so that a link that somebody sent still leads where it should.
import { Anchor, Button, Center, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { FailureState } from '../../components/states.tsx'

export function SignIn({ onDone }: { readonly onDone: () => void }) {
  const ways = useAsk('getSignInWays', {})
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => client.ask('signIn', { body: { email, password } }),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={400} shadow="sm">
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} size="h3">
              Sign in to Spillway
            </Title>
            {signIn.isError && <FailureState error={signIn.error} />}
            {ways.data?.needsOwner && (
              <Text size="sm" c="dimmed">
                Nobody can sign in yet. Open the link that <code>spillway serve</code> printed, or{' '}
                <Anchor href="/welcome">enter its token</Anchor>.
              </Text>
            )}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={({ currentTarget }) => setEmail(currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            <Button type="submit" loading={signIn.isPending}>
              Sign in
            </Button>
            {(ways.data?.providers ?? []).map(({ name, path }) => (
              <Stack key={path} gap="sm">
                <Divider label="or" />
                <Button component="a" href={path} variant="default">
                  {name}
                </Button>
              </Stack>
            ))}
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
