// Fills a workspace with 13 closed months of a company whose services are people's, for the screens of people, projects and
// whatever is asked of a person, and of a policy that is tried: `people-workspace.ts DIRECTORY [SERVICES PEOPLE PROJECTS]`, a million, 200,000 and 500 if left out.
import { applyConfiguration, openWorkspace } from '@spillway/engine'
import { ACTOR, buildThirteenMonths, NEWEST } from './roll-ups-workspace.ts'

const [directory, services = '1000000', people = '200000', projects = '500'] = process.argv.slice(2)
if (directory === undefined)
  throw new Error('Name an empty folder: people-workspace.ts DIRECTORY [SERVICES PEOPLE PROJECTS]')
const count = Number(services)
const began = performance.now()
await buildThirteenMonths(directory, {
  ...{ services: count, pools: Math.ceil(count / 50), usageRows: count, chargesPerService: 3 },
  directory: { people: Number(people), projects: Number(projects) },
})
// Saved after the months were closed: to be tried on them.
const policy = {
  ...{ kind: 'AllocationPolicy', name: 'evenly', 'applies-to': { pools: ['P-000042'] } },
  components: [{ name: 'access', charges: [{ category: 'access' }], method: 'even' }],
}
const workspace = await openWorkspace(directory, { access: 'write', actor: ACTOR, holder: 'bench' })
await applyConfiguration(workspace, { files: [{ name: 'policy.yaml', text: JSON.stringify(policy) }] })
await workspace.close()
const seconds = Math.round((performance.now() - began) / 1000)
process.stdout.write(`${directory}: 13 months to ${NEWEST}, made in ${seconds} s\n`)
