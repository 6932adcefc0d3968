import { getContractUsage } from '../../models/charges/call-usage';
import { now } from '../../lib/values/clock';
import { type Contract, findContractByCode } from '../../models/contract/contract';
import { saveInvoiceLine } from '../../models/billing/invoice';
import type { InvoiceLine } from '../../models/billing/invoice-totals';
import { type BillingMonth, addMonths, listPastMonths } from '../../models/billing/month';

const MONTHS = 6;

/** Six months of invoices of the contract's customer, the newest not paid yet. Saving them again changes nothing. */
export async function saveDemoInvoices(contractCode: string): Promise<void> {
  const contract = await findContractByCode(contractCode);
  if (!contract) return;
  for (const [index, month] of listPastMonths(now(), MONTHS).entries()) {
    const invoice = {
      number: `B${month}0001`,
      customer_number: contract.customer_number,
      billing_month: month,
      due_date: getDueDate(month),
      payment_method: '口座振替',
      status: index === 0 ? '請求済み' : 'お支払い済み',
    };
    for (const line of await buildInvoiceLines(contract, month)) await saveInvoiceLine(invoice, line);
  }
}

/** The 25th of the month after. */
function getDueDate(month: BillingMonth): string {
  const after = String(addMonths(month));
  return `${after.slice(0, 4)}-${after.slice(4)}-25`;
}

async function buildInvoiceLines({ id, code }: Contract, month: BillingMonth): Promise<InvoiceLine[]> {
  const { total, incoming } = await getContractUsage({ contractId: id, month, service: 'ip050' });
  return [
    { description: `050IP電話 基本料(${code} 12番号)`, amount: 360_000, tax_rate: 10 },
    { description: `050IP電話 通話料(${code})`, amount: total.charge, tax_rate: 10 },
    { description: `050IP電話 着割(${code})`, amount: incoming.charge, tax_rate: 10 },
    { description: `インターネット接続 基本料(${code})`, amount: 550_000, tax_rate: 10 },
    { description: '通信新聞 購読料', amount: 199_975, tax_rate: 8 },
    { description: 'ユニバーサルサービス料', amount: 2525, tax_rate: 10 },
  ].map((line, index) => ({ line: index + 1, ...line }));
}
