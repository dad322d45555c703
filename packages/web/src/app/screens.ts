// Every address of the app and the piece that answers it, loaded when somebody goes there. The build reads this list too: a page
// names the files of its screen (vite.config.ts).

/** A screen's file has its component under the name `Screen`. */
export type ScreenPiece = () => Promise<{ readonly Screen: React.ComponentType }>

export const SCREENS: Readonly<Record<string, ScreenPiece>> = {
  '/': () => import('../screens/overview/overview.tsx'),
  '/explore': () => import('../screens/explore/explore.tsx'),
  '/lines': () => import('../screens/explore/lines.tsx'),
  '/source': () => import('../screens/explore/source.tsx'),
  '/bills': () => import('../screens/bills/bills.tsx'),
  '/bills/import': () => import('../screens/bills/wizard/wizard.tsx'),
  '/bills/imports': () => import('../screens/bills/imports.tsx'),
  '/bills/imports/$batch': () => import('../screens/bills/import-details.tsx'),
  '/bills/$invoice': () => import('../screens/bills/invoice.tsx'),
  '/share-plans': () => import('../screens/share-plans/share-plans.tsx'),
  '/share-plans/$plan': () => import('../screens/share-plans/share-plans.tsx'),
  '/catalogue': () => import('../screens/catalogue/catalogue.tsx'),
  '/pools': () => import('../screens/pools/pools.tsx'),
  '/pools/$pool': () => import('../screens/pools/pool.tsx'),
  '/accounts': () => import('../screens/accounts/accounts.tsx'),
  '/accounts/$account': () => import('../screens/accounts/account.tsx'),
  '/sub-accounts': () => import('../screens/sub-accounts/sub-accounts.tsx'),
  '/alerts': () => import('../screens/alerts/alerts.tsx'),
  '/conflicts': () => import('../screens/conflicts/conflicts.tsx'),
  '/customer-bills': () => import('../screens/customer-bills/customer-bills.tsx'),
  '/customer-bills/$number': () => import('../screens/customer-bills/customer-bill.tsx'),
  '/policies': () => import('../screens/policies/policies.tsx'),
  '/policies/$name': () => import('../screens/policies/policy.tsx'),
  '/people': () => import('../screens/people/people.tsx'),
  '/people/$person': () => import('../screens/people/person.tsx'),
  '/cost-centres': () => import('../screens/cost-centres/cost-centres.tsx'),
  '/cost-centres/$centre': () => import('../screens/cost-centres/cost-centre.tsx'),
  '/projects': () => import('../screens/projects/projects.tsx'),
  '/projects/$project': () => import('../screens/projects/project.tsx'),
  '/services/$service': () => import('../screens/services/service.tsx'),
  '/runs': () => import('../screens/runs/runs.tsx'),
  '/runs/$run': () => import('../screens/runs/run.tsx'),
  '/jobs': () => import('../screens/jobs/jobs.tsx'),
  '/settings': () => import('../screens/settings/settings.tsx'),
}
