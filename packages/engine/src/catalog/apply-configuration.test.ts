import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, initWorkspace, type Workspace } from '../workspace/workspace.ts'
import { applyConfiguration, ENGINE_KINDS, exportConfiguration } from './apply-configuration.ts'
import { loadConfiguration } from './configuration.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
let directory: string
let workspace: Workspace
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-apply-'))
  workspace = await initWorkspace(directory, { actor, holder: 'test' })
})
afterEach(async () => {
  await workspace.close()
  await rm(directory, { recursive: true, force: true })
})

const POLICY = `kind: AllocationPolicy
name: field-data
applies-to: { pools: [P-100] }
components:
  - name: access
    charges: [{ category: access, usage-type: data }, { category: bulk }]
    basis: domestic
    floor: 25.00
partial-period: full
`
const POOL = `kind: Pool
name: P-100
model: bulk
usage-type: data
allowance: 100
unit: GB
rule: { vendor: acme, product: "007" }
`
const ALL_KINDS = ENGINE_KINDS.map(({ kind }) => kind)
  .sort()
  .join(', ')
const apply = (text: string, rest: object = {}) =>
  applyConfiguration(workspace, { files: [{ name: 'a.yaml', text }], ...rest })
const issuesOf = async (text: string) => {
  const refusal = await apply(text).then(
    () => null,
    (error: { kind: string; facts: { issues: ReadonlyArray<{ document: number; message: string }> } }) => error,
  )
  expect(refusal?.kind).toBe('bad-configuration')
  return refusal?.facts.issues.map(({ document, message }) => `${document} ${message}`)
}

describe('applying configuration', () => {
  it('saves versions, and what is exported applies again as unchanged', async () => {
    expect(await apply(`${POLICY}---\n${POOL}`)).toEqual([
      { kind: 'AllocationPolicy', name: 'field-data', version: 1, outcome: 'created' },
      { kind: 'Pool', name: 'P-100', version: 1, outcome: 'created' },
    ])
    const exported = await exportConfiguration(workspace)
    expect((await apply(exported)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged'])
    const [changed] = await apply(POLICY.replace('25.00', '30.00'))
    expect(changed).toEqual({ kind: 'AllocationPolicy', name: 'field-data', version: 2, outcome: 'changed' })
  })

  it('saves nothing in a dry run, and says what it would save', async () => {
    expect(await apply(POLICY, { dryRun: true })).toMatchObject([{ version: 1, outcome: 'created' }])
    expect(await loadConfiguration(workspace)).toEqual([])
  })

  it('says everything that is wrong with any document, and saves none', async () => {
    const bad = `${POLICY.replace('method', 'm').replace('domestic', 'moon')}---\nkind: Nonsense\n---\n${POOL}---\nkind: Pool\nname: x\n`
    const issues = await issuesOf(bad)
    expect(issues?.map((issue) => issue.slice(0, 26))).toEqual([
      '1 components[0].basis: mus',
      '2 kind: is Nonsense; it mu',
      '4 model: must be one of ag',
      '4 usage-type: must be one ',
    ])
    expect(issues?.[1]).toContain(ALL_KINDS)
    expect(await loadConfiguration(workspace)).toEqual([])
  })

  it.each([
    ['no document at all', '', '1 document: the file holds no document'],
    ['a list', '- 1', '1 document: must be a set of keys'],
    ['no kind', 'name: x', `1 kind: must be one of ${ALL_KINDS}`],
    ['a repeated name', `${POOL}---\n${POOL}`, '2 name: Pool/P-100 stands in a.yaml, document 1, already'],
  ])('refuses %s', async (_, text, issue) => {
    expect(await issuesOf(text)).toEqual([issue])
  })

  it('refuses YAML that cannot be read, and aliases that grow without end', async () => {
    expect((await issuesOf('kind: [Pool'))?.[0]).toMatch(/^1 /)
    const bomb = `a: &a [x]\nb: [${Array.from({ length: 200 }, () => '*a').join(', ')}]\n`
    expect(await issuesOf(bomb)).toEqual(['1 document: has more than 100 aliases'])
  })

  it('refuses a policy that claims a pool which another one claims', async () => {
    await apply(`${POLICY}---\n${POOL}`)
    const second = POLICY.replace('field-data', 'other').replace('{ pools: [P-100] }', '{ model: bulk }')
    expect(await issuesOf(second)).toEqual(['1 applies-to: the pool P-100 is claimed by both field-data and other'])
    expect(await loadConfiguration(workspace, 'AllocationPolicy')).toHaveLength(1)
  })

  it('takes kinds that others read', async () => {
    const kinds = [
      {
        kind: 'Source',
        issuesOf: (body: unknown) => ('columns' in (body as object) ? [] : ['columns: must be given']),
      },
    ]
    await expect(apply('kind: Source\nname: s\n', { kinds })).rejects.toMatchObject({
      facts: { issues: [{ message: 'columns: must be given' }] },
    })
    expect(await apply('kind: Source\nname: s\ncolumns: []\n', { kinds })).toMatchObject([{ outcome: 'created' }])
  })
})
