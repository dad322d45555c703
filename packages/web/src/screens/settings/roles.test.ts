import * as contract from '@spillway/server/contract'
import { describe, expect, it } from 'vitest'
import { ABILITIES, ROLE_NAMES, ROLES } from './roles.ts'

describe('the roles as the screen shows them', () => {
  it('are those that the server enforces, to the word', () => {
    expect(ROLES).toEqual(contract.ROLES)
    expect(ROLE_NAMES).toEqual(contract.ROLE_NAMES)
  })

  it('say of every permission what it permits, and whether on a part', () => {
    const reach = Object.fromEntries(Object.entries(ABILITIES).map(([name, one]) => [name, one.reach]))
    expect(reach).toEqual(contract.PERMISSIONS)
    expect(new Set(Object.values(ABILITIES).map(({ words }) => words)).size).toBe(contract.PERMISSION_NAMES.length)
  })
})
