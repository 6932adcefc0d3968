import { db, type Queryable } from '../../lib/database/db';
import { type InvoiceLine, type InvoiceSums, sumInvoice } from './invoice-totals';
import type { BillingMonth } from './month';

/** A row of the table `invoices` (請求情報). */
export interface Invoice {
  id: number;
  /** 請求番号 */
  number: string;
  customer_number: string;
  billing_month: BillingMonth;
  /** YYYY-MM-DD in Japan */
  due_date: string;
  /** Words for the page, such as 口座振替; so is `status`. */
  payment_method: string;
  status: string;
}

export interface BilledInvoice extends Invoice {
  lines: InvoiceLine[];
  sums: InvoiceSums;
}

/** The invoice number belongs to another customer. */
export class InvoiceTakenError extends Error {}

/** A customer's invoices, the latest month first. */
export const listInvoices = (
  customerNumber: string,
  offset: number,
  limit: number,
): Promise<BilledInvoice[]> =>
  attachLines(
    db<Invoice>('invoices')
      .where({ customer_number: customerNumber })
      .orderBy([
        { column: 'billing_month', order: 'desc' },
        { column: 'number', order: 'desc' },
      ])
      .offset(offset)
      .limit(limit),
  );

export async function countInvoices(customerNumber: string): Promise<number> {
  const row = await db('invoices')
    .where({ customer_number: customerNumber })
    .count({ invoices: '*' })
    .first<{ invoices: number }>();
  return row.invoices;
}

/** Looks among a customer's own, so that another's number is the same as no number. */
export async function findInvoice(
  customerNumber: string,
  number: string,
): Promise<BilledInvoice | undefined> {
  // PostgreSQL accepts no NUL in a text.
  if (number.includes('\0')) return undefined;
  const [invoice] = await attachLines(
    db<Invoice>('invoices').where({ customer_number: customerNumber, number }),
  );
  return invoice;
}

async function attachLines(query: PromiseLike<Invoice[]>): Promise<BilledInvoice[]> {
  const invoices = await query;
  const ids = invoices.map(({ id }) => id);
  const all = await db<InvoiceLine & { invoice_id: number }>('invoice_lines')
    .whereIn('invoice_id', ids)
    .orderBy('line');
  return invoices.map((invoice) => {
    const lines = all.filter(({ invoice_id }) => invoice_id === invoice.id);
    return { ...invoice, lines, sums: sumInvoice(lines) };
  });
}

/** Which of these invoice numbers there are. */
export const findExistingInvoices = (numbers: string[], on: Queryable = db): Promise<string[]> =>
  on<Invoice>('invoices').whereIn('number', numbers).orderBy('number').pluck('number');

/**
 * Creates the invoice with this line, or brings both up to date.
 *
 * @throws InvoiceTakenError
 */
export async function saveInvoiceLine(
  invoice: Omit<Invoice, 'id'>,
  line: InvoiceLine,
  on: Queryable = db,
): Promise<void> {
  await on.transaction(async (trx) => {
    const { number, customer_number } = invoice;
    const [saved] = await trx<Invoice>('invoices')
      .insert(invoice)
      .onConflict('number')
      .merge(['billing_month', 'due_date', 'payment_method', 'status'])
      .returning('*');
    if (saved?.customer_number !== customer_number)
      throw new InvoiceTakenError(`${number} is an invoice of another customer`);
    await trx('invoice_lines')
      .insert({ invoice_id: saved.id, ...line })
      .onConflict(['invoice_id', 'line'])
      .merge();
  });
}
