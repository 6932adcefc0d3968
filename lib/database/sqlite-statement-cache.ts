import type { Database, Statement } from 'sqlite3';
import type { SqliteQuery } from './sqlite-busy-retry';

const MAX_STATEMENTS = 60;
/** An import's statements are long and run once. */
const MAX_SQL_LENGTH = 2000;

const isCacheable = (sql: string): boolean =>
  sql.length <= MAX_SQL_LENGTH && /^\s*(SELECT|WITH)\b/i.test(sql);

/** Makes a connection to SQLite keep its prepared queries, because preparing one takes longer than running it. */
export function cacheStatements(connection: Database): void {
  const cache = new StatementCache();
  const queryUncached = connection.all.bind(connection) as SqliteQuery;
  const close = connection.close.bind(connection);

  const queryCached: SqliteQuery = (sql, bindings, done) => {
    if (!isCacheable(sql)) return queryUncached(sql, bindings, done);
    const statement = cache.find(sql);
    if (statement) {
      statement.all(bindings, done);
      return connection;
    }
    connection.prepare(sql, function (this: Statement, error: Error | null) {
      if (error) {
        done.call(this, error);
        return;
      }
      cache.add(sql, this);
      this.all(bindings, done);
    });
    return connection;
  };
  connection.all = queryCached as Database['all'];

  // SQLite does not close a connection that has open statements.
  connection.close = (done) => {
    cache.finalize();
    close(done);
  };
}

/** The statements of a connection by their text; if there are too many, the least recently used is dropped. */
class StatementCache {
  private readonly statements = new Map<string, Statement>();

  find(sql: string): Statement | undefined {
    const statement = this.statements.get(sql);
    if (statement) this.moveToEnd(sql, statement);
    return statement;
  }

  add(sql: string, statement: Statement): void {
    // Another query with this text may have been prepared meanwhile.
    this.statements.get(sql)?.finalize();
    this.moveToEnd(sql, statement);
    const [oldest = ''] = this.statements.keys();
    if (this.statements.size <= MAX_STATEMENTS) return;
    this.statements.get(oldest)?.finalize();
    this.statements.delete(oldest);
  }

  finalize(): void {
    for (const statement of this.statements.values()) statement.finalize();
    this.statements.clear();
  }

  private moveToEnd(sql: string, statement: Statement): void {
    this.statements.delete(sql);
    this.statements.set(sql, statement);
  }
}
