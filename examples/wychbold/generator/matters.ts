// The clients of the firm, whom one meets there, and the matters that calls are for. None of them exists.

export type Client = {
  readonly name: string
  /** The firm's id in the client's own system. */
  readonly clientId: string
  /** '' for a client without a user id. */
  readonly userId: string
  /** Who answers for the client's user id. */
  readonly lead: string
  readonly contacts: ReadonlyArray<string>
  /** They call from abroad. */
  readonly isAbroad?: boolean
}

export const CLIENTS: ReadonlyArray<Client> = [
  {
    name: 'Orrin Marine',
    clientId: '00711',
    userId: 'orrin-marine',
    lead: 'icalloway',
    contacts: ['Dag Orrin', 'Lucille Barr', 'Stan Kowal'],
  },
  {
    name: 'Tamsin Robotics',
    clientId: 'TR-0052',
    userId: 'tamsin',
    lead: 'wzhao',
    contacts: ['Tamsin Okafor', 'Rolf Anders', 'Mei Castell'],
  },
  {
    name: 'Halden Trust',
    clientId: '88120',
    userId: 'halden',
    lead: 'vlindqvist',
    contacts: ['Urs Halden', 'Celeste Morin'],
    isAbroad: true,
  },
  {
    name: 'Estuary Homes',
    clientId: 'EH-17',
    userId: 'estuary',
    lead: 'dmoss',
    contacts: ['Pilar Quist', 'Don Ferris', 'Abby Stroud'],
  },
  {
    name: 'Northgate Schools',
    clientId: 'NG-4',
    userId: 'northgate',
    lead: 'klarkin',
    contacts: ['Harriet Odom', 'Neil Bask'],
  },
  {
    name: 'Pellucid Optics',
    clientId: 'PO-339',
    userId: 'pellucid',
    lead: 'cfennick',
    contacts: ['Gwen Sallow', 'Ivo Kranz'],
    isAbroad: true,
  },
  { name: 'Quorley Textiles', clientId: 'QT-9', userId: '', lead: 'bluz', contacts: ['Enid Quorley', 'Bram Hoek'] },
  { name: 'Bellmead Foods', clientId: 'BF-21', userId: '', lead: 'jpike', contacts: ['Otis Bell', 'Rhea Mead'] },
]

export type Matter = {
  /** What is dialled. */
  readonly code: string
  readonly project: string
  /** '' for the firm's own. */
  readonly client: string
  readonly name: string
  readonly costCentre: string
  /** Per hour, decimal text; '' for none. */
  readonly rate: string
  readonly increment: number
  readonly from: string
  readonly to: string
  /** Who answers for the user id of the matter; '' for a matter without one. */
  readonly lead: string
  /** Of the other side. */
  readonly opponents?: ReadonlyArray<string>
}

/** The lawsuit that the demo follows. */
export const LAWSUIT = 'M-2041'

export const MATTERS: ReadonlyArray<Matter> = [
  {
    code: '2041',
    project: LAWSUIT,
    client: 'Orrin Marine',
    name: 'Orrin Marine v. Castellan Freight',
    costCentre: 'LIT',
    rate: '437.50',
    increment: 6,
    from: '2025-06-01',
    to: '',
    lead: 'nesterhaus',
    opponents: ['Armand Delacroix', 'Judith Sorrel'],
  },
  matter('2044', 'Bellmead Foods', 'Bellmead product liability', 'LIT', { rate: '395', lead: 'pvenkat' }),
  matter('2052', 'Quorley Textiles', 'In re Quorley warehouse fire', 'LIT', { rate: '410' }),
  matter('2058', 'Tamsin Robotics', 'Tamsin patent defence', 'LIT', { rate: '520', lead: 'mwychbold' }),
  matter('3007', 'Tamsin Robotics', 'Tamsin series C', 'CORP', { rate: '560', increment: 15, lead: 'htarn' }),
  matter('3011', 'Pellucid Optics', 'Acquisition of Pellucid Optics', 'CORP', { rate: '590', lead: 'bluz' }),
  matter('3015', 'Quorley Textiles', 'Quorley supply agreements', 'CORP', { rate: '480' }),
  matter('4102', 'Estuary Homes', 'Estuary phase two', 'REAL', { rate: '350', lead: 'jpike' }),
  matter('4109', 'Bellmead Foods', 'Bellmead lease', 'REAL', { rate: '350', increment: 15, lead: 'dmoss' }),
  matter('5003', 'Northgate Schools', 'Northgate bargaining', 'EMPL', { rate: '310.25', lead: 'sachterberg' }),
  matter('5010', 'Orrin Marine', 'Orrin crew contracts', 'EMPL', { rate: '330' }),
  matter('6001', 'Halden Trust', 'Halden residence', 'TAX', { rate: '615', increment: 1, lead: 'vlindqvist' }),
  // The matter is settled: its code counts no longer.
  matter('5001', 'Northgate Schools', 'Northgate grievance', 'EMPL', {
    rate: '310',
    to: '2026-04-01',
    lead: 'klarkin',
  }),
  matter('9001', '', 'Firm administration', 'OPS', { rate: '' }),
]

function matter(
  code: string,
  client: string,
  name: string,
  costCentre: string,
  more: Pick<Matter, 'rate'> & Partial<Matter>,
): Matter {
  const project = `M-${code}`
  return { code, project, client, name, costCentre, increment: 6, from: '2025-01-01', to: '', lead: '', ...more }
}

export function clientOf({ client }: Matter): Client | undefined {
  return CLIENTS.find(({ name }) => name === client)
}
