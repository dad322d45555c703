// Which usage reports there are, by which columns each is known, and what its columns count. Says nothing of how a cell is
// read or to which month a row belongs.

/** What a user did, counted by the vendor over the days of the report. */
export type Count = { readonly column: string; readonly app: string }
/**
 * The last day on which something was used: within the days of the report it is one use, before them none. `source` is the
 * report that counts the same use, and whose figures come first.
 */
export type LastUse = Count & { readonly source?: string }

export type ReportKind = {
  /** Of the importer, and the source of its facts. */
  readonly name: string
  readonly describes: string
  /** With the refresh date and the service's column, what a header must have. */
  readonly knownBy: ReadonlyArray<string>
  /** A header that has this is another report's. */
  readonly notWith?: string
  /** The first of these that is filled names the service. */
  readonly service: ReadonlyArray<string>
  /** What else tells two rows of one service apart. */
  readonly partedBy: ReadonlyArray<string>
  readonly counts: ReadonlyArray<Count>
  readonly lastUses: ReadonlyArray<LastUse>
  /** Bytes stored when the report was made. */
  readonly storage?: { readonly column: string; readonly app: string }
  /** Stands for the use of a row that counts nothing else. */
  readonly app: string
  /** False where the report states none. */
  readonly hasPeriod: boolean
  /** True where it shows that something was used, and not how much. */
  readonly isSnapshot: boolean
  /** Dates and other columns that are kept, and must be read where they are dates. */
  readonly dates: ReadonlyArray<string>
}

const USER = 'User Principal Name'
const OWNER = 'Owner Principal Name'
const SITE = ['Site URL', 'Site Id'] as const
const LAST_USES: ReadonlyArray<LastUse> = [
  { app: 'Exchange', column: 'Exchange Last Activity Date', source: 'microsoft-365-email' },
  { app: 'Teams', column: 'Teams Last Activity Date', source: 'microsoft-365-teams' },
  { app: 'OneDrive', column: 'OneDrive Last Activity Date', source: 'microsoft-365-onedrive-activity' },
  { app: 'SharePoint', column: 'SharePoint Last Activity Date', source: 'microsoft-365-sharepoint-activity' },
  { app: 'Skype For Business', column: 'Skype For Business Last Activity Date' },
  { app: 'Yammer', column: 'Yammer Last Activity Date' },
]

const filesOf = (app: string): ReadonlyArray<Count> => [
  { column: 'Viewed Or Edited File Count', app: `${app} files viewed or edited` },
  { column: 'Synced File Count', app: `${app} files synced` },
  { column: 'Shared Internally File Count', app: `${app} files shared internally` },
  { column: 'Shared Externally File Count', app: `${app} files shared externally` },
]

const ACTIVITY = {
  service: [USER],
  partedBy: [],
  lastUses: [],
  hasPeriod: true,
  isSnapshot: false,
  dates: ['Last Activity Date', 'Deleted Date'],
} as const
const STORAGE = { ...ACTIVITY, counts: [] } as const

/** Counts that contain each other stand here once: posts and replies are channel messages, meetings held are meetings. */
export const REPORT_KINDS: ReadonlyArray<ReportKind> = [
  {
    ...ACTIVITY,
    name: 'microsoft-365-teams',
    describes: 'Microsoft 365, Teams user activity: messages, calls and meetings of each user',
    knownBy: ['Team Chat Message Count', 'Private Chat Message Count'],
    counts: [
      { column: 'Team Chat Message Count', app: 'Teams channel messages' },
      { column: 'Private Chat Message Count', app: 'Teams chat messages' },
      { column: 'Call Count', app: 'Teams calls' },
      { column: 'Meeting Count', app: 'Teams meetings' },
    ],
    app: 'Teams',
  },
  {
    ...ACTIVITY,
    name: 'microsoft-365-email',
    describes: 'Microsoft 365, email activity: mails sent and read by each user',
    knownBy: ['Send Count', 'Receive Count', 'Read Count'],
    counts: [
      { column: 'Send Count', app: 'Outlook mails sent' },
      { column: 'Read Count', app: 'Outlook mails read' },
      { column: 'Meeting Created Count', app: 'Outlook meetings created' },
      { column: 'Meeting Interacted Count', app: 'Outlook meetings answered' },
    ],
    app: 'Outlook',
  },
  {
    ...STORAGE,
    name: 'microsoft-365-mailbox',
    describes: 'Microsoft 365, mailbox usage: bytes stored in each mailbox',
    knownBy: ['Storage Used (Byte)', 'Item Count'],
    storage: { column: 'Storage Used (Byte)', app: 'Exchange' },
    app: 'Exchange',
    dates: [...ACTIVITY.dates, 'Created Date'],
  },
  {
    ...STORAGE,
    name: 'microsoft-365-onedrive',
    describes: 'Microsoft 365, OneDrive usage: bytes stored in each account',
    knownBy: ['Storage Used (Byte)', 'Storage Allocated (Byte)', 'Owner Display Name'],
    notWith: 'Visited Page Count',
    service: [OWNER, ...SITE],
    partedBy: SITE,
    storage: { column: 'Storage Used (Byte)', app: 'OneDrive' },
    app: 'OneDrive',
  },
  {
    ...STORAGE,
    name: 'microsoft-365-sharepoint',
    describes: 'Microsoft 365, SharePoint site usage: bytes stored in each site',
    knownBy: ['Storage Used (Byte)', 'Visited Page Count'],
    service: SITE,
    partedBy: SITE,
    storage: { column: 'Storage Used (Byte)', app: 'SharePoint' },
    app: 'SharePoint',
  },
  {
    ...ACTIVITY,
    name: 'microsoft-365-onedrive-activity',
    describes: 'Microsoft 365, OneDrive activity: files that each user viewed, synced and shared',
    knownBy: ['Viewed Or Edited File Count', 'Synced File Count'],
    notWith: 'Visited Page Count',
    counts: filesOf('OneDrive'),
    app: 'OneDrive',
  },
  {
    ...ACTIVITY,
    name: 'microsoft-365-sharepoint-activity',
    describes: 'Microsoft 365, SharePoint activity: files that each user viewed, synced and shared, pages visited',
    knownBy: ['Viewed Or Edited File Count', 'Synced File Count', 'Visited Page Count'],
    counts: [...filesOf('SharePoint'), { column: 'Visited Page Count', app: 'SharePoint pages visited' }],
    app: 'SharePoint',
  },
  {
    ...ACTIVITY,
    name: 'microsoft-365-activations',
    describes: 'Microsoft 365, Office activations: products that each user activated, and on which devices',
    knownBy: ['Product Type', 'Last Activated Date'],
    partedBy: ['Product Type'],
    counts: [],
    lastUses: [{ column: 'Last Activated Date', app: 'Office activation' }],
    app: 'Office activation',
    hasPeriod: false,
    isSnapshot: true,
    dates: [],
  },
  {
    ...ACTIVITY,
    name: 'microsoft-365-active-users',
    describes: 'Microsoft 365, active users: licences of each user and the last use of each product',
    knownBy: ['Has Exchange License', 'Exchange Last Activity Date'],
    counts: [],
    lastUses: LAST_USES,
    app: 'Microsoft 365',
    hasPeriod: false,
    isSnapshot: true,
    dates: ['Deleted Date'],
  },
]
