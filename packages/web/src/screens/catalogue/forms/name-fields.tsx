// The id and the name that every document of the catalogue has. The id is chosen once: others know the document by it.
import { SimpleGrid } from '@mantine/core'
import { textAt } from '../document/body.ts'
import { FixedField, TextField } from '../document/fields.tsx'
import { useDraft } from '../document/use-draft.ts'

export function NameFields({ needsName = false }: { readonly needsName?: boolean }) {
  const { isNew, body } = useDraft()
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {isNew ? (
        <TextField at={['id']} label="Id" description="Others name it by this; it cannot be changed later" isRequired />
      ) : (
        <FixedField label="Id" value={textAt(body, ['id'])} why="Others name it by this; it stays" />
      )}
      <TextField at={['name']} label="Name" description="For people, on screens and bills" isRequired={needsName} />
    </SimpleGrid>
  )
}
