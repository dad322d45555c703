// A view's name and whether it is shared, for a new one and for one that is changed.
import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'

export type NamedView = { readonly name: string; readonly isShared: boolean }

export type ViewFormProps = {
  readonly initial: NamedView
  /** Whose screen it is: `this` where it stands behind the form. */
  readonly of: 'this' | 'its'
  readonly isPending: boolean
  readonly onSave: (view: NamedView) => void
  readonly onCancel: () => void
  /** What went wrong, above the fields. */
  readonly children?: ReactNode
}

export function ViewForm({ initial, of, isPending, onSave, onCancel, children }: ViewFormProps) {
  const [name, setName] = useState(initial.name)
  const [isShared, setShared] = useState(initial.isShared)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave({ name: name.trim(), isShared })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          data-autofocus
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Checkbox
          label={`Everybody who may see ${of} screen has it in their list`}
          checked={isShared}
          onChange={({ currentTarget }) => setShared(currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
