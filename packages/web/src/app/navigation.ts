// What the app has, in the order of a month: what came in, what was shared, who pays, how it was made. A screen is offered to
// whoever may read what it shows.
import type { Permission } from '@spillway/server/contract'
import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconBuildingBank,
  IconBuildingCommunity,
  IconCalendarCheck,
  IconChartBar,
  IconChartDonut,
  IconFileInvoice,
  IconFiles,
  IconHierarchy2,
  IconKey,
  IconLayoutDashboard,
  IconPackage,
  IconPhoneCall,
  IconReceipt2,
  IconSettings,
  IconStack2,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'

export type Destination = {
  readonly to: string
  readonly label: string
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  /** By whom it is seen; everybody signed in if left out. */
  readonly needs?: Permission
  /** Words by which somebody may look for it. */
  readonly words?: string
}

export type Section = { readonly label: string; readonly destinations: ReadonlyArray<Destination> }

export const NAVIGATION: ReadonlyArray<Section> = [
  {
    label: 'Figures',
    destinations: [
      { to: '/', label: 'Overview', icon: IconLayoutDashboard, words: 'home start attention' },
      { to: '/explore', label: 'Explore', icon: IconChartBar, words: 'charges usage trend movers' },
    ],
  },
  {
    label: 'Vendors',
    destinations: [
      { to: '/bills', label: 'Bills', icon: IconFileInvoice, words: 'invoices reconciliation carriers import' },
      { to: '/pools', label: 'Pools', icon: IconChartDonut, words: 'allowance overage members' },
      {
        to: '/policies',
        label: 'Policies',
        icon: IconAdjustmentsHorizontal,
        needs: 'configuration:read',
        words: 'what-if rules',
      },
    ],
  },
  {
    label: 'Customers',
    destinations: [
      {
        to: '/share-plans',
        label: 'Share plans',
        icon: IconStack2,
        needs: 'configuration:read',
        words: 'buckets tiers',
      },
      {
        to: '/catalogue',
        label: 'Catalogue',
        icon: IconPackage,
        needs: 'configuration:read',
        words: 'products service types rate plans',
      },
      { to: '/accounts', label: 'Accounts', icon: IconBuildingBank, words: 'tree invoicer balances' },
      {
        to: '/sub-accounts',
        label: 'Sub-accounts',
        icon: IconKey,
        needs: 'sub-account:read',
        words: 'user ids passcodes',
      },
      { to: '/alerts', label: 'Alerts', icon: IconBell, words: 'buckets limits used up run out exhausted' },
      {
        to: '/conflicts',
        label: 'Conflicts',
        icon: IconPhoneCall,
        needs: 'run:read',
        words: 'simultaneous use conferences',
      },
      { to: '/customer-bills', label: 'Our bills', icon: IconReceipt2, words: 'issued void reissue sections' },
    ],
  },
  {
    label: 'Who pays',
    destinations: [
      { to: '/people', label: 'People', icon: IconUsers, words: 'employees person cost' },
      { to: '/cost-centres', label: 'Cost centres', icon: IconHierarchy2, words: 'departments budget' },
      { to: '/projects', label: 'Projects', icon: IconBuildingCommunity, words: 'billable time clients LEDES' },
    ],
  },
  {
    label: 'Month',
    destinations: [
      {
        to: '/runs',
        label: 'Runs',
        icon: IconCalendarCheck,
        needs: 'run:read',
        words: 'close publish reopen checks compare',
      },
      { to: '/jobs', label: 'Jobs', icon: IconFiles, needs: 'job:read', words: 'schedules exports background' },
      { to: '/settings', label: 'Settings', icon: IconSettings, words: 'users roles tokens audit preferences' },
    ],
  },
]
