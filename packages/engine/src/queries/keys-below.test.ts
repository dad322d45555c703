import { expect, it } from 'vitest'
import { buildWorkspace } from '../../test/workspace-builder.ts'
import { unscoped } from '../workspace/scopes.ts'
import { accountsBelow, costCentresBelow } from './keys-below.ts'

it('finds what is below a cost centre or an account now, the root itself, and no end of a circle', async () => {
  const built = await buildWorkspace()
  await built.add({
    cost_centre: [
      { cost_centre: 'TOP', parent: '' },
      { cost_centre: 'A', parent: 'TOP' },
      { cost_centre: 'A1', parent: 'A' },
      { cost_centre: 'B', parent: 'TOP' },
      { cost_centre: 'X', parent: 'Y' },
      { cost_centre: 'Y', parent: 'X' },
    ],
    account: [{ account: 'H', parent: '' }, { account: 'H1', parent: 'H' }, { account: 'K' }],
  })
  const scoped = unscoped(built.workspace)
  expect(await costCentresBelow(scoped, ['A'])).toEqual(['A', 'A1'])
  expect(await costCentresBelow(scoped, ['TOP', 'A1'])).toEqual(['A', 'A1', 'B', 'TOP'])
  expect(await costCentresBelow(scoped, ['X'])).toEqual(['X', 'Y'])
  expect(await costCentresBelow(scoped, ['GONE'])).toEqual(['GONE'])
  expect(await accountsBelow(scoped, ['H'])).toEqual(['H', 'H1'])
  expect(await accountsBelow(scoped, [])).toEqual([])
  await built.remove()
})
