// Before the first month: what to do first, as steps that lead where they are done.
import { Button, Card, Group, Stack, Stepper, Text, Title } from '@mantine/core'
import { IconFileUpload, IconPlayerPlay } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../app/session.tsx'

export function FirstRun({ hasImports }: { readonly hasImports: boolean }) {
  const mayImport = useMay('import:change')
  return (
    <Card withBorder padding="xl" mb="lg" component="section" aria-labelledby="first-run">
      <Stack>
        <Title order={2} size="h3" id="first-run">
          {hasImports ? 'One step to the first figures' : 'Three steps to the first figures'}
        </Title>
        <Text c="dimmed" maw={640}>
          Spillway reads what your vendors send, shares every pool by a policy that you can read, and says what each
          service, person and cost centre carries. The vendor's figures are never changed.
        </Text>
        <Stepper active={hasImports ? 2 : 0} size="sm" allowNextStepsSelect={false} maw={860}>
          <Stepper.Step label="Import bills and usage" description="any vendor, any table" />
          <Stepper.Step label="Say how pools are shared" description="or keep the defaults" />
          <Stepper.Step label="Close the month" description="every figure explained" />
        </Stepper>
        {mayImport ? (
          <Group>
            {hasImports ? (
              <Button
                leftSection={<IconPlayerPlay size={16} />}
                renderRoot={(props) => <Link to="/runs" search={{} as never} {...props} />}
              >
                Close a month
              </Button>
            ) : (
              <Button
                leftSection={<IconFileUpload size={16} />}
                renderRoot={(props) => <Link to="/bills/import" search={{} as never} {...props} />}
              >
                Import the first bill
              </Button>
            )}
            <Button variant="default" renderRoot={(props) => <Link to="/policies" search={{} as never} {...props} />}>
              Look at policies
            </Button>
          </Group>
        ) : (
          <Text size="sm">Somebody who may import has to begin; you see figures once a month is closed.</Text>
        )}
        <Text size="sm" c="dimmed">
          To look around first: <code>npx spillway demo --serve</code> serves an example company with thirteen months.
        </Text>
      </Stack>
    </Card>
  )
}
