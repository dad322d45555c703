// What can be done to the sub-accounts of an account as a whole.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconPlus } from '@tabler/icons-react'
import type { Rotation } from './rotate-passcodes.tsx'

export function AddMenu({ onChoose }: { readonly onChoose: (panel: string) => void }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button size="sm" leftSection={<IconPlus size={16} />}>
          Add
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose('add')}>One sub-account</Menu.Item>
        <Menu.Item onClick={() => onChoose('import')}>Many from a file</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

export function PasscodeMenu({ onRotate }: { readonly onRotate: (rotation: Rotation) => void }) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" rightSection={<IconChevronDown size={14} />}>
          Passcodes
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onRotate({ of: 'missing' })}>Give those without one a passcode</Menu.Item>
        <Menu.Item onClick={() => onRotate({ of: 'all' })}>Give everybody another</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
