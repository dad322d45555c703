// A text in the text of a statement, for the few values that are not bound as parameters.

/** Quoted, as the SQL standard has it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
