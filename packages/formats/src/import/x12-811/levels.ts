// The hierarchy of a set as it is read: what the levels above a segment say of its service. Goes by parents alone, never
// by the codes of levels, which differ from sender to sender.
import type { ExtraColumns } from '@spillway/core'
import type { SegmentReading } from './segment-reading.ts'

type Level = {
  readonly id: string
  /** LX opens a level within the one it stands in, and ends where the next LX or HL begins. */
  readonly isLx: boolean
  mobile: string
  telephone: string
  account: string
  code: string
  readonly descriptions: string[]
}

/** No sender nests deeper; a file that does is made to fill the memory. */
const DEPTH_MAX = 50

const levelOf = (id: string, isLx: boolean): Level => ({
  id,
  isLx,
  mobile: '',
  telephone: '',
  account: '',
  code: '',
  descriptions: [],
})

export class Levels {
  private levels: Level[] = []

  get isHeading(): boolean {
    return this.levels.length === 0
  }

  openHl(reading: SegmentReading): void {
    const [id, parent] = [reading.element(1), reading.element(2)]
    const hls = this.levels.filter(({ isLx }) => !isLx)
    const at = parent === '' ? -1 : hls.findLastIndex((level) => level.id === parent)
    if (parent !== '' && at === -1) {
      const facts = { column: 'HL02', value: parent, expected: hls.map((level) => level.id).join(', ') || 'none' }
      reading.report('control-mismatch', facts, { column: 'HL02' })
    }
    if (at + 1 >= DEPTH_MAX) {
      reading.report('row-unreadable', { reason: `levels are nested more than ${DEPTH_MAX} deep` })
      return
    }
    this.levels = [...hls.slice(0, at + 1), levelOf(id, false)]
  }

  openLx(reading: SegmentReading): void {
    this.levels = [...this.levels.filter(({ isLx }) => !isLx), levelOf(reading.element(1), true)]
  }

  /** The trailer of the set belongs to no level. */
  close(): void {
    this.levels = []
  }

  readReference(reading: SegmentReading): void {
    const level = this.levels.at(-1)
    const [qualifier, value] = [reading.element(1), reading.element(2)]
    if (!level) return
    if (qualifier === 'MN') level.mobile = value
    else if (qualifier === '12') level.telephone = value
    else if (qualifier === '9V' || qualifier === 'AN') level.account = value
  }

  /** Service characteristics come in pairs of qualifier and value; TN is a telephone number. */
  readCharacteristics(reading: SegmentReading): void {
    const level = this.levels.at(-1)
    if (!level) return
    for (let at = 2; reading.element(at) !== ''; at += 2) {
      if (reading.element(at) === 'TN' && level.mobile === '') level.mobile = reading.element(at + 1)
    }
  }

  readDescription(text: string): void {
    const level = this.levels.at(-1)
    if (level && text !== '' && level.descriptions.length < 10) level.descriptions.push(text)
  }

  readCode(text: string): void {
    const level = this.levels.at(-1)
    if (level) level.code = text
  }

  /** The nearest level that names one; '' for the account itself. A billing number beside an account names the account. */
  get service(): string {
    for (const level of this.levels.toReversed()) {
      if (level.mobile !== '') return level.mobile
      if (level.telephone !== '' && level.account === '') return level.telephone
    }
    return ''
  }

  get extra(): ExtraColumns {
    const nearest = (pick: (level: Level) => string) =>
      this.levels
        .toReversed()
        .map(pick)
        .find((text) => text !== '')
    const kept = {
      'sub-account': nearest(({ account }) => account),
      'accounting code': nearest(({ code }) => code),
      level: this.levels.at(-1)?.descriptions.join(', '),
    }
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => Boolean(entry[1])))
  }
}
