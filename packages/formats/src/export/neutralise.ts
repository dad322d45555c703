// A spreadsheet runs a cell that begins like a formula. Text that does is given a leading apostrophe, numbers are not.
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/** Makes a cell harmless where it begins with = + - @ tab or CR and is no number (spec, import, "Exports"). */
export function neutraliseFormula(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
}
