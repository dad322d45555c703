// A bucket more for the plan that is open: its id, which is chosen once, its type and what it takes. It is saved with the plan.
import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useSetSearch } from '../../app/go.ts'
import { listAt, textAt } from '../catalogue/document/body.ts'
import { useNames } from '../catalogue/document/names.ts'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { BUCKET_TYPES, type BucketType, TYPE_LABELS, withBucket } from './share-bucket.ts'

export function NewBucket() {
  const { of } = useSearch({ strict: false })
  const { isReadOnly } = useDraft()
  const setSearch = useSetSearch()
  const close = () => setSearch({ of: undefined })
  return (
    <Modal opened={of === 'new-bucket' && !isReadOnly} onClose={close} title="New bucket">
      <NewBucketForm onClose={close} />
    </Modal>
  )
}

function NewBucketForm({ onClose }: { readonly onClose: () => void }) {
  const { body, change } = useDraft()
  const setSearch = useSetSearch()
  const bases = useNames('BaseBucket')
  const taken = listAt(body, ['buckets']).map((bucket) => textAt(bucket, ['id']))
  const [id, setId] = useState('')
  const [type, setType] = useState<BucketType>('fixed')
  const [base, setBase] = useState<string | null>(null)
  const isTaken = taken.includes(id.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // It stands in the page of the plan's own form, which is not to be saved by it.
    event.stopPropagation()
    change((now) => withBucket(now, { id: id.trim(), type, base: base ?? bases[0]?.value ?? '' }))
    setSearch({ of: undefined, chosen: id.trim(), panel: 'tiers' })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Id"
          description="Bills and closed months know it by this; it cannot be changed later"
          required
          maxLength={200}
          data-autofocus
          value={id}
          {...(isTaken ? { error: 'The plan has a bucket of this id' } : {})}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
        <NativeSelect
          label="Type"
          required
          data={BUCKET_TYPES.map((value) => ({ value, label: TYPE_LABELS[value] }))}
          value={type}
          onChange={({ currentTarget }) => setType(BUCKET_TYPES.find((one) => one === currentTarget.value) ?? 'fixed')}
        />
        {bases.length > 0 && (
          <NativeSelect
            label="What it takes"
            data={[...bases, { value: '', label: 'Something else: said in the bucket' }]}
            value={base ?? bases[0]?.value ?? ''}
            onChange={({ currentTarget }) => setBase(currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={id.trim() === '' || isTaken}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
