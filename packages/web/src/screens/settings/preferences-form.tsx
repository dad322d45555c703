// How figures and screens look to somebody, on every machine that they use.
import { Button, Group, Select, SimpleGrid, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import type { AnswerOf } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { keyOf, queries, useAsk } from '../../api/use-ask.ts'
import { makeFormat } from '../../app/format.ts'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { UnsavedGuard } from '../../components/unsaved-guard.tsx'
import { Panel } from './panel.tsx'

type Preferences = AnswerOf<'getPreferences'>

const LOCALES = [
  'de-AT',
  'de-CH',
  'de-DE',
  'en-AU',
  'en-CA',
  'en-GB',
  'en-IE',
  'en-IN',
  'en-US',
  'es-ES',
  'es-MX',
  'fr-CA',
  'fr-CH',
  'fr-FR',
  'it-IT',
  'ja-JP',
  'ko-KR',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'sv-SE',
  'zh-CN',
]
/** A select has texts alone: what is null in the preferences. */
const BROWSER = 'browser'

export function PreferencesForm() {
  const answer = useAsk('getPreferences', {})
  const views = useAsk('listViews', { query: { limit: 500 } })
  return (
    <Panel title="Preferences">
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={4} />}
      {answer.data && <Fields saved={answer.data} views={views.data?.items ?? []} />}
    </Panel>
  )
}

type FieldsProps = { readonly saved: Preferences; readonly views: ReadonlyArray<{ id: string; name: string }> }

function Fields({ saved, views }: FieldsProps) {
  const form = useForm<Preferences>({ initialValues: saved })
  const save = useMutation({
    mutationFn: (preferences: Preferences) => client.ask('putPreferences', { body: preferences }),
    onSuccess: (preferences) => {
      form.setInitialValues(preferences)
      form.reset()
      queries.setQueryData(keyOf('getPreferences', {}), preferences)
      notifications.show({ message: 'Your preferences are saved.' })
    },
  })
  const { values } = form
  const orBrowser = (name: 'locale' | 'timeZone') => ({
    value: values[name] ?? BROWSER,
    onChange: (value: string | null) => form.setFieldValue(name, value === BROWSER ? null : value),
    allowDeselect: false,
    searchable: true,
  })
  return (
    <form onSubmit={form.onSubmit((preferences) => save.mutate(preferences))}>
      <UnsavedGuard isDirty={form.isDirty()} leavesBy={['tab']} />
      {save.isError && <FailureState error={save.error} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select label="Language and region" data={localeOptions(values.locale)} {...orBrowser('locale')} />
        <Select label="Time zone" data={zoneOptions(values.timeZone)} {...orBrowser('timeZone')} />
        <Select
          label="Currencies"
          data={[
            { value: 'code', label: 'By code: USD 12.00' },
            { value: 'symbol', label: 'By symbol: $12.00' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('currencyDisplay')}
        />
        <Select
          label="Colours"
          data={[
            { value: 'system', label: 'As the device has them' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('colourScheme')}
        />
        <Select
          label="Rows of tables"
          data={[
            { value: 'comfortable', label: 'With room around them' },
            { value: 'compact', label: 'Close together' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('density')}
        />
        <Select
          label="First screen after signing in"
          data={views.map(({ id, name }) => ({ value: id, label: name }))}
          placeholder="The overview"
          clearable
          clearButtonProps={{ 'aria-label': 'The overview' }}
          value={values.homeView}
          onChange={(value) => form.setFieldValue('homeView', value)}
        />
      </SimpleGrid>
      <Sample preferences={values} />
      <Group justify="flex-end">
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
          Save
        </Button>
      </Group>
    </form>
  )
}

/** An example of what is chosen; of no company's figures. */
function Sample({ preferences: { locale, timeZone, currencyDisplay } }: { readonly preferences: Preferences }) {
  const format = makeFormat({ locale: locale ?? undefined, timeZone: timeZone ?? undefined, currencyDisplay })
  return (
    <Text size="sm" c="dimmed" mt="sm">
      As in {format.amount('-1234.56', 'USD')}, {format.period('2026-10')}, {format.instant('2026-10-31T18:05:00Z')}
    </Text>
  )
}

function localeOptions(chosen: string | null) {
  const named = new Intl.DisplayNames('en', { type: 'language' })
  return [
    { value: BROWSER, label: "The browser's" },
    ...[...new Set([...LOCALES, ...(chosen === null ? [] : [chosen])])]
      .map((value) => ({ value, label: named.of(value) ?? value }))
      .sort((a, b) => a.label.localeCompare(b.label)),
  ]
}

function zoneOptions(chosen: string | null) {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...(chosen === null ? [] : [chosen])])
  return [{ value: BROWSER, label: "The browser's" }, ...[...zones].map((value) => ({ value, label: value }))]
}
