// One file of a draft: what it is and covers, whether it foots, what it replaces, and its bad rows; or the mapping that it needs.
import { Button, Group, List, Paper, Radio, Stack, Text, Title } from '@mantine/core'
import { IconFileAlert, IconInfoCircle } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useAsk } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../../app/go.ts'
import { Amount } from '../../../components/amount.tsx'
import { Hint } from '../../../components/hint.tsx'
import { LoadingState } from '../../../components/states.tsx'
import { Note } from '../note.tsx'
import { TextLink } from '../text-link.tsx'
import { BadRows } from './bad-rows.tsx'
import { DirectoryChanges } from './directory-changes.tsx'
import { formatName } from './file-list.tsx'
import type { LookOptions } from './look-options.ts'
import { TotalsCheck } from './totals-check.tsx'
import type { DraftFile, DraftLook, ImportDraft } from './upload.ts'

const MappingEditor = lazy(() =>
  import('../mapping/mapping-editor.tsx').then((found) => ({ default: found.MappingEditor })),
)

export type FileLookProps = {
  readonly draft: ImportDraft
  readonly file: DraftFile
  readonly onLook: (options: LookOptions) => void
}

export function FileLook({ draft, file, onLook }: FileLookProps) {
  const { panel } = useScreenSearch()
  const { look } = file
  if (look === null) return null
  const isUnknown = look.refusal?.code === 'unrecognised-file' && look.candidates.length === 0
  const isMapping = isUnknown || panel === 'mapping'
  return (
    <Stack component="section" aria-labelledby="file">
      <Title order={2} size="h4" id="file">
        {file.name}
      </Title>
      {!isMapping && <Refusal look={look} isUnknown={isUnknown} />}
      {look.candidates.length > 0 && <Candidates look={look} onLook={onLook} />}
      <Known look={look} onLook={onLook} />
      {isMapping ? (
        <Suspense fallback={<LoadingState />}>
          <MappingEditor
            key={`${draft.id} ${file.no}`}
            draft={draft}
            file={file}
            source={formatOf(look)}
            intro={<Refusal look={look} isUnknown={isUnknown} />}
          />
        </Suspense>
      ) : (
        look.outcome !== 'refused' && <Found draft={draft} file={file} look={look} />
      )}
    </Stack>
  )
}

/** What it was read by: a saved mapping, or a format of the product's own. */
function formatOf(look: DraftLook): string | null {
  const [first] = look.recognised
  return first ? formatName(first.format) : null
}

function Found({ draft, file, look }: { draft: ImportDraft; file: DraftFile; look: DraftLook }) {
  return (
    <>
      <Summary look={look} />
      <DirectoryChanges directory={look.directory} />
      <TotalsCheck look={look} />
      <Supersedes look={look} />
      <BadRows draft={draft} file={file} look={look} />
      <ChangeMapping name={formatOf(look)} />
    </>
  )
}

function Refusal({ look: { refusal, nearest }, isUnknown }: { look: DraftLook; isUnknown: boolean }) {
  if (refusal === null) return null
  if (!isUnknown)
    return (
      <Note color="red" icon={<IconFileAlert size={18} />} title="It cannot be read" role="alert">
        <Text size="sm">
          {refusal.detail} <Hint text={refusal.hint} />
        </Text>
      </Note>
    )
  return (
    <Note color="indigo" variant="light" icon={<IconInfoCircle size={18} />} title="No format has these columns">
      <Text size="sm">
        Say below what its columns mean. It is remembered: the next file like it is recognised by itself.
      </Text>
      {nearest.length > 0 && (
        <List size="sm" mt="xs">
          {nearest.map(({ format, describes, matched, of, missing }) => (
            <List.Item key={format}>
              Nearest: {describes || formatName(format)} ({matched} of {of} columns; it lacks{' '}
              {missing.slice(0, 6).join(', ')}
              {missing.length > 6 && ' …'})
            </List.Item>
          ))}
        </List>
      )}
    </Note>
  )
}

function Candidates({ look: { candidates }, onLook }: { look: DraftLook; onLook: (options: LookOptions) => void }) {
  const [source, setSource] = useState('')
  return (
    <Paper withBorder p="md">
      <Radio.Group label="Several formats have these columns. Which is it?" value={source} onChange={setSource}>
        <Stack gap="xs" mt="xs">
          {candidates.map(({ format, describes }) => (
            <Radio key={format} value={formatName(format)} label={describes || formatName(format)} />
          ))}
        </Stack>
      </Radio.Group>
      <Button mt="sm" size="xs" disabled={source === ''} onClick={() => onLook({ source })}>
        Read it so
      </Button>
    </Paper>
  )
}

function Known({ look, onLook }: { look: DraftLook; onLook: (options: LookOptions) => void }) {
  const format = useFormat()
  const { duplicateOf, supersededSince, supplements } = look
  return (
    <>
      {duplicateOf !== null && (
        <Note color="indigo" variant="light" icon={<IconInfoCircle size={18} />} title="This file is known already">
          <Text size="sm">
            The same content was imported {format.instant(duplicateOf.importedAt)} as{' '}
            <TextLink to={`/bills/imports/${encodeURIComponent(duplicateOf.batch)}`}>{duplicateOf.file}</TextLink>.
            Again it changes nothing.
          </Text>
        </Note>
      )}
      {supersededSince.length > 0 && (
        <Note color="yellow" title="A later file took its place since">
          <Text size="sm">
            {supersededSince.map(({ invoice, part, by }) => `${invoice || part}: ${by}`).join('; ')}
          </Text>
          <Button size="xs" mt="xs" variant="default" onClick={() => onLook({ again: true })}>
            Take this one again
          </Button>
        </Note>
      )}
      {supplements !== '' && (
        <Text size="sm">Mended rows: they add to the import that they came from, and replace nothing.</Text>
      )}
    </>
  )
}

const NAMES_SHOWN = 4

function Summary({ look }: { readonly look: DraftLook }) {
  const format = useFormat()
  const { rows, covers, amounts, quarantinedWithoutAmount } = look
  const shown = (names: ReadonlyArray<string>) =>
    names.length > NAMES_SHOWN ? `${names.slice(0, NAMES_SHOWN).join(', ')} …` : names.join(', ')
  return (
    <Paper withBorder p="md">
      <Stack gap={4}>
        <Text size="sm">
          {format.count(rows.read)} rows read: <b>{format.count(rows.accepted)} accepted</b>,{' '}
          {format.count(rows.quarantined)} refused, {format.count(rows.duplicates)} known already
        </Text>
        {covers.months.length > 0 && (
          <Text size="sm">
            Months: {covers.months.map((month) => format.period(month)).join(', ')}
            {covers.vendors.length > 0 && ` · vendor ${shown(covers.vendors)}`}
            {covers.accounts.length > 0 && ` · account ${shown(covers.accounts)}`}
          </Text>
        )}
        {amounts.map(({ currency, accepted, quarantined }) => (
          <Group key={currency} gap="lg">
            <Text size="sm" component="div">
              Accepted <Amount value={accepted} currency={currency} />
            </Text>
            <Text size="sm" component="div">
              In refused rows <Amount value={quarantined} currency={currency} />
            </Text>
          </Group>
        ))}
        {quarantinedWithoutAmount > 0 && (
          <Text size="sm">
            {format.count(quarantinedWithoutAmount)} refused rows have no amount that could be read.
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

const INVOICES_SHOWN = 10

function Supersedes({ look: { supersedes } }: { readonly look: DraftLook }) {
  const format = useFormat()
  if (supersedes.length === 0) return null
  return (
    <Note
      color="yellow"
      variant="outline"
      icon={<IconInfoCircle size={18} />}
      title="It takes the place of earlier bills"
    >
      <List size="sm">
        {supersedes.slice(0, INVOICES_SHOWN).map(({ part, vendor, account, invoice, files }) => (
          <List.Item key={`${part} ${vendor} ${account} ${invoice}`}>
            {invoice === '' ? part : `${part} of invoice ${invoice} of ${vendor}`}: from {files.join(', ')}
          </List.Item>
        ))}
      </List>
      {supersedes.length > INVOICES_SHOWN && (
        <Text size="sm">and {format.count(supersedes.length - INVOICES_SHOWN)} more</Text>
      )}
      <Text size="sm" mt="xs">
        The earlier lines stay readable, and count again if this import is taken back.
      </Text>
    </Note>
  )
}

function ChangeMapping({ name }: { readonly name: string | null }) {
  const setSearch = useSetSearch()
  const known = useAsk('listDocuments', { query: { kind: 'Source', limit: 200 } }, { isReady: name !== null })
  if (name === null || !known.data?.items.some((one) => one.name === name)) return null
  return (
    <Group>
      <Button size="xs" variant="default" onClick={() => setSearch({ panel: 'mapping' })}>
        Change the mapping {name}
      </Button>
    </Group>
  )
}
