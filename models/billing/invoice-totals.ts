/** A row of the table `invoice_lines`. */
export interface InvoiceLine {
  line: number;
  description: string;
  /** 1/100 yen without tax; negative: a discount. */
  amount: number;
  /** Percent; 0 is free of tax. */
  tax_rate: number;
}

/** The amount charged at one rate and the tax on it, in 1/100 yen. */
export interface TaxSum {
  rate: number;
  subtotal: number;
  tax: number;
}

/** Amounts in 1/100 yen; the highest rate comes first. */
export interface InvoiceSums {
  subtotal: number;
  taxes: TaxSum[];
  total: number;
}

/** Consumption tax is computed once for each rate, from what is charged at it; a fraction of a yen is cut off. */
export function sumInvoice(lines: InvoiceLine[]): InvoiceSums {
  const rates = [...new Set(lines.map(({ tax_rate }) => tax_rate))].sort((a, b) => b - a);
  const taxes = rates.map((rate) => {
    const subtotal = addAmounts(
      lines.filter(({ tax_rate }) => tax_rate === rate).map(({ amount }) => amount),
    );
    // A percent of 1/100 yen is 1/10,000 yen.
    return { rate, subtotal, tax: Math.trunc((subtotal * rate) / 10_000) * 100 };
  });
  const subtotal = addAmounts(taxes.map((tax) => tax.subtotal));
  return { subtotal, taxes, total: subtotal + addAmounts(taxes.map(({ tax }) => tax)) };
}

const addAmounts = (amounts: number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
