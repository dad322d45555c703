// A database whose statements that read are prepared once: a server asks the same few of every request, and preparing one takes
// as long as asking it. Kysely asks for all rows at once, so that no statement is still under way when it is asked again; one
// that is read row by row is prepared for itself. Tells of every statement that may change something (kept-reads.ts).
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { LastAsked } from './last-asked.ts'

const KEPT_MAX = 200

/** `onChange` is called before each statement that does more than to read. */
export function withKeptStatements(database: SqliteDatabase, onChange: () => void): SqliteDatabase {
  const kept = new LastAsked<string, SqliteStatement>(KEPT_MAX)
  return {
    close: () => {
      kept.clear()
      database.close()
    },
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) return known
      const statement = database.prepare(sql)
      if (!statement.reader || !/^select\b/i.test(sql)) return toldOf(statement, onChange)
      const own: SqliteStatement = {
        reader: true,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => database.prepare(sql).iterate(parameters),
      }
      kept.set(sql, own)
      return own
    },
  }
}

/** `BEGIN`, `COMMIT` and `ROLLBACK` are among them: what is read before a transaction ends is not what is there after it. */
function toldOf(statement: SqliteStatement, onChange: () => void): SqliteStatement {
  const told = <T>(ask: () => T): T => {
    onChange()
    return ask()
  }
  return {
    reader: statement.reader,
    all: (parameters) => told(() => statement.all(parameters)),
    run: (parameters) => told(() => statement.run(parameters)),
    iterate: (parameters) => told(() => statement.iterate(parameters)),
  }
}
