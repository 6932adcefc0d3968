import type { Database, Statement } from 'sqlite3';
import type { SqliteQuery } from './sqlite-busy-retry';

const MAX_STATEMENTS = 60;
/** An import's statements are long, and not asked twice. */
const MAX_SQL_LENGTH = 2000;

const isCacheable = (sql: string): boolean =>
  sql.length <= MAX_SQL_LENGTH && /^\s*(SELECT|WITH)\b/i.test(sql);

/** Has a connection to SQLite keep the queries that it prepares: to prepare one takes longer than to ask it. */
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

  // SQLite does not close a connection that has statements.
  connection.close = (done) => {
    cache.finalize();
    close(done);
  };
}

/** The statements of a connection by their text. Beyond so many, the one asked longest ago goes. */
class StatementCache {
  private readonly statements = new Map<string, Statement>();

  find(sql: string): Statement | undefined {
    const statement = this.statements.get(sql);
    if (statement) this.moveToEnd(sql, statement);
    return statement;
  }

  add(sql: string, statement: Statement): void {
    // Another query with this text may have been prepared at the same time.
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
