// Which tables rows are stored in as numbers, what is summed of them, and where the names behind their numbers stand.

export type NameTable = { readonly table: string; readonly number: string; readonly columns: ReadonlyArray<string> }

const OWNER = {
  table: 'run_owner',
  number: 'owner_no',
  columns: ['person', 'cost_centre', 'project'],
} as const satisfies NameTable
export const SERVICE: NameTable = { table: 'run_service', number: 'service_no', columns: ['service'] }

export const STORED = {
  carried: {
    rows: 'carried_row',
    text: 'carried_text',
    sums: ['actual_minor', 'adjusted_minor'],
    names: [
      { table: 'run_bill', number: 'bill_no', columns: ['vendor', 'account', 'invoice'] },
      { table: 'run_charge_kind', number: 'sort_no', columns: ['currency', 'category', 'usage_type'] },
      SERVICE,
      OWNER,
      { table: 'run_component', number: 'name_no', columns: ['pool', 'component'] },
    ],
  },
  used: {
    rows: 'used_row',
    text: 'used_text',
    sums: ['quantity_base'],
    names: [
      {
        table: 'run_usage_class',
        number: 'class_no',
        columns: ['vendor', 'account', 'usage_type', 'zone', 'time_band', 'network'],
      },
      SERVICE,
      OWNER,
      { table: 'run_pool', number: 'pool_no', columns: ['pool'] },
    ],
  },
} as const satisfies Readonly<
  Record<string, { rows: string; text: string; sums: ReadonlyArray<string>; names: ReadonlyArray<NameTable> }>
>

/** Tables of the names behind the numbers of what is carried, without services. */
export const CARRIED_NAMES = [STORED.carried.names[0], STORED.carried.names[1], OWNER, STORED.carried.names[4]] as const
