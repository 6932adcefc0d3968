import { z } from 'zod';
import type { Queryable } from '../../../lib/database/db';
import { InvoiceTakenError, findExistingInvoices, saveInvoiceLine } from '../../../models/billing/invoice';
import { saveEach, type TableImport } from './import-table';
import { LineRejection } from '../source/rejected-lines';
import { codeText, dateText, requiredText, parseYen, wholeNumber } from './line-rules';

const month = z
  .string()
  .regex(/^[12]\d{3}-?(0[1-9]|1[0-2])$/, 'a month such as 201711')
  .transform((text) => Number(text.replace('-', '')));

/** Yen with two decimals at most, as 1/100 yen; negative for a discount. */
const signedYen = z.string().transform((text, context) => {
  const isNegative = text.startsWith('-');
  const sen = parseYen(isNegative ? text.slice(1) : text);
  if (typeof sen === 'number') return isNegative ? 0 - sen : sen;
  context.addIssue(sen);
  return z.NEVER;
});

const percent = wholeNumber.refine((rate) => rate <= 100, 'a percentage from 0 to 100');

const line = z.object({
  invoice_number: codeText,
  customer_number: codeText,
  billing_month: month,
  due_date: dateText,
  payment_method: requiredText,
  status: requiredText,
  line: wholeNumber,
  description: requiredText,
  amount: signedYen,
  tax_rate: percent,
});

async function saveLine(row: z.infer<typeof line>, on: Queryable): Promise<void> {
  const { invoice_number: number, line: place, description, amount, tax_rate, ...invoice } = row;
  try {
    await saveInvoiceLine({ number, ...invoice }, { line: place, description, amount, tax_rate }, on);
  } catch (error) {
    if (error instanceof InvoiceTakenError) throw new LineRejection(`invoice_number: ${error.message}`);
    throw error;
  }
}

/** `meisai import invoices`: a line of an invoice each; creates or updates by invoice number and line. */
export const invoicesImport: TableImport<z.infer<typeof line>> = {
  columns: {
    required: [
      'invoice_number',
      'customer_number',
      'billing_month',
      'due_date',
      'payment_method',
      'status',
      'line',
      'description',
      'amount',
      'tax_rate',
    ],
  },
  line,
  saveAll: saveEach(saveLine),
  parts: { of: 'invoice_number', listExisting: findExistingInvoices },
};
