import { z } from 'zod';
import { CATEGORIES, FEES_COLUMNS, USAGE_ROWS } from '../../../models/call/call-type';
import {
  type CallTypeOptions,
  type NewCallType,
  saveCallTypes,
  type TouchedMonth,
} from '../../../models/call/change-call-types';
import { labels } from '../../../models/call/labels';
import { type CsvColumns, saveEach, type TableImport } from './import-table';
import { codeText, requiredText } from './line-rules';

/** A class by its code, or by its Japanese word on the screens. */
function createClassSchema<Code extends string>(codes: readonly Code[], words: Record<Code, string>) {
  const codeByWord = new Map(codes.map((code): [string, Code] => [words[code].normalize('NFKC'), code]));
  const allowed = [...codes, ...codeByWord.keys()].join(', ');
  return z
    .string()
    .transform((text) => codeByWord.get(text.normalize('NFKC')) ?? text)
    .pipe(z.enum(codes as [Code, ...Code[]], { error: `one of ${allowed}` }));
}

const line = z.object({
  code: codeText,
  label: requiredText,
  category: createClassSchema(CATEGORIES, { domestic: '国内', international: '国際', mobile: '携帯/PHS' }),
  fees_column: createClassSchema(FEES_COLUMNS, labels.feesColumn),
  usage_row: createClassSchema(USAGE_ROWS, labels.usageRow),
  counted: z
    .enum(['', 'true', 'false', '1', '0', 'yes', 'no'], { error: 'true or false' })
    .default('')
    .transform((text) => ['true', '1', 'yes'].includes(text)),
});

export const callTypeColumns: CsvColumns = {
  required: ['code', 'label', 'category', 'fees_column', 'usage_row'],
  optional: ['counted'],
};

/** `meisai import call-types`: creates or updates by code, all at the end. `touched` then has the months it changes. */
export function createCallTypesImport(
  options: CallTypeOptions,
): TableImport<z.infer<typeof line>> & { touched: TouchedMonth[] } {
  const types = new Map<string, NewCallType>();
  const touched: TouchedMonth[] = [];
  return {
    columns: callTypeColumns,
    line,
    saveAll: saveEach((type) => {
      types.set(type.code, type);
      return Promise.resolve();
    }),
    async finish(on) {
      touched.push(...(await saveCallTypes([...types.values()], options, on)));
    },
    touched,
  };
}
