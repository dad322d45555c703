// Rows of usage.csv that hold nothing unusual, which are nearly all of a large file. Judges nothing: readUsage has every other row.
import { toBaseUnits, USAGE_TYPES } from '../quantity/unit.ts'
import type { ExtraColumns, Usage } from './fact.ts'
import { isPlainText, PlainColumn, PlainWords } from './plain-cells.ts'
import { parsePlainTimestamp } from './read-timestamp.ts'
import { USAGE_COLUMNS, type UsageColumn } from './read-usage.ts'
import { NETWORKS, TIME_BANDS, ZONES } from './words.ts'

/** null for a row that has to be read by every rule. */
export type PlainReader<F> = (cells: ReadonlyArray<string>, extra: ExtraColumns) => F | null

/** For the rows of one table; `positionOf` a column in its cells, -1 where it has no such column. */
export function plainUsageReader(positionOf: (column: UsageColumn) => number): PlainReader<Usage> {
  const at = Object.fromEntries(USAGE_COLUMNS.map((name) => [name, positionOf(name)])) as Record<UsageColumn, number>
  const texts = new PlainTexts(at)
  const words = new PlainUsageWords(at)
  return (cells, extra) => {
    const id = cells[at.id] ?? ''
    const service = cells[at.service] ?? ''
    if (id === '' || service === '' || !isPlainText(id) || !isPlainText(service)) return null
    if (!texts.read(cells) || texts.source === '' || !words.read(cells)) return null
    const { usageType } = words
    const started = parsePlainTimestamp(cells[at.started_at] ?? '')
    if (usageType === '' || started === null) return null
    const endCell = cells[at.ended_at] ?? ''
    const ended = endCell === '' ? null : parsePlainTimestamp(endCell)
    if (endCell !== '' && (ended?.isWallTime !== started.isWallTime || ended.micros < started.micros)) return null
    const quantity = cells[at.quantity] ?? ''
    const unit = cells[at.unit] ?? ''
    const base = toBaseUnits(quantity, unit, usageType)
    const people = cells[at.participants] ?? ''
    if (!base.ok || (people !== '' && !/^\d{1,9}$/.test(people))) return null
    return {
      fact: 'usage',
      source: texts.source,
      id,
      account: texts.account,
      service,
      usageType,
      startedAt: started.micros,
      endedAt: ended === null ? null : ended.micros,
      isWallTime: started.isWallTime,
      quantityBase: base.base,
      quantity,
      unit,
      zone: words.zone,
      timeBand: words.timeBand,
      network: words.network,
      accountCode: texts.accountCode,
      peer: texts.peer,
      app: texts.app,
      pool: texts.pool,
      participants: people === '' ? null : Number(people),
      conference: texts.conference,
      participant: texts.participant,
      view: '',
      cycleOn: null,
      extra,
    }
  }
}

type Positions = Readonly<Record<UsageColumn, number>>

/** The texts of one row; valid until the next is read. */
class PlainTexts {
  source = ''
  account = ''
  accountCode = ''
  peer = ''
  app = ''
  pool = ''
  conference = ''
  participant = ''
  readonly #at: Positions
  readonly #source = new PlainColumn()
  readonly #account = new PlainColumn()

  constructor(at: Positions) {
    this.#at = at
  }

  /** False where one of them is not plain. */
  read(cells: ReadonlyArray<string>): boolean {
    const at = this.#at
    const source = this.#source.read(cells[at.source] ?? '')
    const account = this.#account.read(cells[at.account] ?? '')
    if (source === null || account === null) return false
    this.source = source
    this.account = account
    this.accountCode = cells[at.account_code] ?? ''
    this.peer = cells[at.peer] ?? ''
    this.app = cells[at.app] ?? ''
    this.pool = cells[at.pool] ?? ''
    this.conference = cells[at.conference] ?? ''
    this.participant = cells[at.participant] ?? ''
    if (!isPlainText(this.accountCode) || !isPlainText(this.peer) || !isPlainText(this.app)) return false
    return isPlainText(this.pool) && isPlainText(this.conference) && isPlainText(this.participant)
  }
}

/** The words of one row; valid until the next is read. */
class PlainUsageWords {
  usageType: Usage['usageType'] | '' = ''
  zone: Usage['zone'] = ''
  timeBand: Usage['timeBand'] = ''
  network: Usage['network'] = ''
  readonly #at: Positions
  readonly #usageTypes = new PlainWords(USAGE_TYPES)
  readonly #zones = new PlainWords(ZONES)
  readonly #timeBands = new PlainWords(TIME_BANDS)
  readonly #networks = new PlainWords(NETWORKS)

  constructor(at: Positions) {
    this.#at = at
  }

  /** False where one of them is no word of its list as it stands. */
  read(cells: ReadonlyArray<string>): boolean {
    const at = this.#at
    const usageType = this.#usageTypes.read(cells[at.usage_type] ?? '')
    const zone = this.#zones.read(cells[at.zone] ?? '')
    const timeBand = this.#timeBands.read(cells[at.time_band] ?? '')
    const network = this.#networks.read(cells[at.network] ?? '')
    if (usageType === null || zone === null || timeBand === null || network === null) return false
    this.usageType = usageType
    this.zone = zone
    this.timeBand = timeBand
    this.network = network
    return true
  }
}
