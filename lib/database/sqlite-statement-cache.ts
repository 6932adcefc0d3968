import type { Database, Statement } from 'sqlite3';
import type { AskSqlite } from './sqlite-busy-retry';

const MOST_KEPT = 60;
/** An import's statements are long, and not asked twice. */
const LONGEST_KEPT = 2000;

const isWorthKeeping = (sql: string): boolean =>
  sql.length <= LONGEST_KEPT && /^\s*(SELECT|WITH)\b/i.test(sql);

/** Has a connection to SQLite keep the queries that it prepares: to prepare one takes longer than to ask it. */
export function keepStatements(connection: Database): void {
  const kept = new KeptStatements();
  const askOnce = connection.all.bind(connection) as AskSqlite;
  const close = connection.close.bind(connection);

  const ask: AskSqlite = (sql, bindings, done) => {
    if (!isWorthKeeping(sql)) return askOnce(sql, bindings, done);
    const statement = kept.find(sql);
    if (statement) {
      statement.all(bindings, done);
      return connection;
    }
    connection.prepare(sql, function (this: Statement, error: Error | null) {
      if (error) {
        done.call(this, error);
        return;
      }
      kept.keep(sql, this);
      this.all(bindings, done);
    });
    return connection;
  };
  connection.all = ask as Database['all'];

  // SQLite does not close a connection that has statements.
  connection.close = (done) => {
    kept.finalize();
    close(done);
  };
}

/** The statements of a connection by their text. Beyond so many, the one asked longest ago goes. */
class KeptStatements {
  private readonly statements = new Map<string, Statement>();

  find(sql: string): Statement | undefined {
    const statement = this.statements.get(sql);
    if (statement) this.moveToEnd(sql, statement);
    return statement;
  }

  keep(sql: string, statement: Statement): void {
    // Another query with this text may have been prepared at the same time.
    this.statements.get(sql)?.finalize();
    this.moveToEnd(sql, statement);
    const [oldest = ''] = this.statements.keys();
    if (this.statements.size <= MOST_KEPT) return;
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
