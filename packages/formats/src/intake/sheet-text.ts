// Texts of a workbook as they were meant: characters that XML cannot carry stand in it as escapes.

const ESCAPE = /_x([0-9a-fA-F]{4})_/g

/** `_x000D_` is a carriage return and `_x005F_x0007_` the text `_x0007_` (ECMA-376, 22.9.2.19, ST_Xstring). */
export function unescapeSheetText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(ESCAPE, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
