// The first owner: whoever started the server has the token, in the part of the link that no server is sent.
import { Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { FailureState } from '../../components/states.tsx'

export function Welcome({ onDone }: { readonly onDone: () => void }) {
  const navigate = useNavigate()
  const [token, setToken] = useState(() => decodeURIComponent(window.location.hash.slice(1)))
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const make = useMutation({
    mutationFn: () => client.ask('makeOwner', { body: { token: token.trim(), name, email, password } }),
    onSuccess: async () => {
      await navigate({ to: '/', replace: true })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder p="xl" w="100%" maw={440} shadow="sm">
        <form onSubmit={submit}>
          <Stack>
            <Title order={1} size="h3">
              Welcome to Spillway
            </Title>
            <Text size="sm" c="dimmed">
              You become the owner: you do everything, and say who else may.
            </Text>
            {make.isError && <FailureState error={make.error} />}
            <TextInput
              label="Token"
              description="From the terminal in which Spillway was started; it works once"
              required
              autoComplete="off"
              value={token}
              onChange={({ currentTarget }) => setToken(currentTarget.value)}
            />
            <TextInput
              label="Your name"
              autoComplete="name"
              required
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
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
              description="At least 12 characters"
              autoComplete="new-password"
              required
              minLength={12}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            <Button type="submit" loading={make.isPending}>
              Become the owner
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
