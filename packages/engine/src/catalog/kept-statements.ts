// A database whose statements that read are prepared once: a server asks the same few of every request, and preparing one takes
// as long as asking it. Kysely asks for all rows at once, so that no statement is still under way when it is asked again; one
// that is read row by row is prepared for itself.
import type { SqliteDatabase, SqliteStatement } from 'kysely'

const KEPT_MAX = 200

export function withKeptStatements(database: SqliteDatabase): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => {
      kept.clear()
      database.close()
    },
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) {
        // The last of a Map is the one asked for last.
        kept.delete(sql)
        kept.set(sql, known)
        return known
      }
      const statement = database.prepare(sql)
      if (!statement.reader || !/^select\b/i.test(sql)) return statement
      const own: SqliteStatement = {
        reader: true,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => database.prepare(sql).iterate(parameters),
      }
      kept.set(sql, own)
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_MAX) break
        kept.delete(oldest)
      }
      return own
    },
  }
}
