// One policy, to read or to change.
import { Button } from '@mantine/core'
import { IconCopy, IconTrash } from '@tabler/icons-react'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { useGo, useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { textAt } from '../catalogue/document/body.ts'
import { DeleteDocument } from '../catalogue/document/delete-document.tsx'
import { DocumentEditor } from '../catalogue/document/document-editor.tsx'
import { PolicyPanel } from './policy-panel.tsx'

export function Screen() {
  const { name = '' } = useParams({ strict: false }) as { name?: string }
  const mayChange = useMay('configuration:change')
  const here = useScreenSearch()
  const go = useGo()
  const navigate = useNavigate()
  const [isDeleting, setDeleting] = useState(false)
  const { data } = useAsk('getDocument', { params: { kind: 'AllocationPolicy', name } })
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[{ label: 'Policies', to: '/policies' }]}
        summary={data && [textAt(data.body, ['description']), `version ${data.version}`].filter(Boolean).join(' · ')}
        actions={
          mayChange &&
          data && (
            <>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconCopy size={16} />}
                onClick={() => go('/policies', { ...keepPeriod(here), of: 'new', key: name })}
              >
                Copy
              </Button>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconTrash size={16} />}
                onClick={() => setDeleting(true)}
              >
                Delete
              </Button>
            </>
          )
        }
      />
      <DocumentEditor kind="AllocationPolicy" name={name}>
        <PolicyPanel />
      </DocumentEditor>
      <DeleteDocument
        kind="AllocationPolicy"
        name={isDeleting ? name : null}
        one="policy"
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: '/policies', search: keepPeriod as never, ignoreBlocker: true })}
      />
    </>
  )
}
