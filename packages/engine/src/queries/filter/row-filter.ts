// Which rows a report is about, once its conditions were read.

/** Column by column the values of which one must stand there; '' is nobody's, or none. */
export type RowFilter = ReadonlyMap<string, ReadonlyArray<string>>

export const NO_FILTER: RowFilter = new Map()
