// Importing files: send them, check what each is and what it would come to, commit. Nothing is written before the commit. The draft
// is in the address, so that a reload, or a colleague with the link, goes on where it was.
import { Anchor, List, Stack, Stepper, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconLock } from '@tabler/icons-react'
import { useAsk } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../../app/go.ts'
import { useMay } from '../../../app/session.tsx'
import { PageHeader } from '../../../components/page-header.tsx'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { Note } from '../note.tsx'
import { TextLink } from '../text-link.tsx'
import { DraftCheck } from './draft-check.tsx'
import { DraftDone } from './draft-done.tsx'
import { DropRegion } from './drop-region.tsx'
import { JobProgress } from './job-progress.tsx'
import type { ImportDraft } from './upload.ts'

export function Screen() {
  const mayImport = useMay('import:change')
  const { key } = useScreenSearch()
  return (
    <>
      <PageHeader
        title="Import files"
        crumbs={[{ label: 'Bills', to: '/bills' }]}
        summary="Bills, usage, directories: as your vendor sent them. Nothing is written before you commit."
      />
      {!mayImport ? <Refused /> : key === undefined ? <Start /> : <Draft id={key} />}
    </>
  )
}

function Refused() {
  return (
    <Note role="alert" color="yellow" icon={<IconLock size={18} />} title="Not for you to change">
      <Text size="sm">Your role reads figures and imports. Ask a manager or the owner to import files.</Text>
    </Note>
  )
}

function Steps({ active }: { readonly active: number }) {
  // Lines between steps that stand below each other lead nowhere.
  const isNarrow = useMediaQuery('(max-width: 40em)')
  return (
    <Stepper
      active={active}
      size={isNarrow ? 'xs' : 'sm'}
      mb="lg"
      maw={720}
      orientation={isNarrow ? 'vertical' : 'horizontal'}
      allowNextStepsSelect={false}
    >
      <Stepper.Step label="Files" description="drop or browse" />
      <Stepper.Step label="Check" description="what each is, what is wrong" />
      <Stepper.Step label="Commit" description="all of a file, or none" />
    </Stepper>
  )
}

function Start() {
  const setSearch = useSetSearch()
  return (
    <Stack>
      <Steps active={0} />
      <DropRegion label="Files to import" draft={null} onDraft={({ id }) => setSearch({ key: id })}>
        Drop files here: CSV, XLSX, ZIP, JSON, X12, several at once.
      </DropRegion>
      <Drafts />
    </Stack>
  )
}

const DRAFT_WORDS: Readonly<Record<ImportDraft['state'], string>> = {
  looking: 'being looked at',
  ready: 'waits to be committed',
  failed: 'could not be looked at',
  committing: 'being imported',
  committed: 'imported',
}

/** What was sent in the last day. */
function Drafts() {
  const format = useFormat()
  const { data } = useAsk('listImportDrafts', { query: { limit: 10 } })
  if (!data || data.items.length === 0) return null
  return (
    <section aria-labelledby="drafts">
      <Title order={2} size="h4" id="drafts" mb="xs">
        Sent in the last day
      </Title>
      <List size="sm" spacing={4}>
        {data.items.map(({ id, files, state, createdAt, createdBy }) => (
          <List.Item key={id}>
            <TextLink to="/bills/import" search={{ key: id }}>
              {files.map(({ name }) => name).join(', ')}
            </TextLink>{' '}
            <Text span c="dimmed" size="sm">
              {DRAFT_WORDS[state]}; by {createdBy}, {format.instant(createdAt)}
            </Text>
          </List.Item>
        ))}
      </List>
    </section>
  )
}

const ASKED_EVERY_SECONDS = 0.8

function Draft({ id }: { readonly id: string }) {
  const isGoing = (state: ImportDraft['state'] | undefined) => state === 'looking' || state === 'committing'
  const question = { params: { draft: id } }
  const first = useAsk('getImportDraft', question)
  const { data, isError, error, refetch } = useAsk('getImportDraft', question, {
    refetchSeconds: isGoing(first.data?.state) ? ASKED_EVERY_SECONDS : undefined,
  })
  if (isError)
    return (
      <Stack>
        <FailureState error={error} onRetry={() => refetch()} />
        <Text size="sm">
          What is sent is kept for a day. <TextLink to="/bills/import">Send the files again</TextLink>.
        </Text>
      </Stack>
    )
  if (!data) return <LoadingState />
  if (data.state === 'looking')
    return (
      <>
        <Steps active={1} />
        <JobProgress job={data.job} label={`Looking at ${namesOf(data)}`} />
        <Text size="sm" mt="sm" c="dimmed">
          You may close this page: the look goes on, and{' '}
          <Anchor size="sm" underline="always" href={location.href}>
            this address
          </Anchor>{' '}
          leads back here.
        </Text>
      </>
    )
  if (data.state === 'committing')
    return (
      <>
        <Steps active={2} />
        <JobProgress job={data.commitJob ?? data.job} label={`Importing ${namesOf(data)}`} />
      </>
    )
  if (data.state === 'committed')
    return (
      <>
        <Steps active={3} />
        <DraftDone draft={data} />
      </>
    )
  return (
    <>
      <Steps active={1} />
      <DraftCheck draft={data} />
    </>
  )
}

const NAMES_MAX = 3

function namesOf({ files }: ImportDraft): string {
  const names = files.slice(0, NAMES_MAX).map(({ name }) => name)
  return files.length > NAMES_MAX ? `${names.join(', ')} and ${files.length - NAMES_MAX} more` : names.join(', ')
}
