import { z } from 'zod';
import { CATEGORIES, FEES_COLUMNS, saveCallType, USAGE_ROWS } from '../../../models/call/call-type';
import type { TableImport } from './import-table';
import { codeText, requiredText } from './line-rules';

/** A class by its code, or by its Japanese word on the screens. */
function createClassSchema<Code extends string>(codes: readonly Code[], words: Record<string, Code>) {
  const allowed = [...codes, ...Object.keys(words)].join(', ');
  return z
    .string()
    .transform((text) => words[text.normalize('NFKC')] ?? text)
    .pipe(z.enum(codes as [Code, ...Code[]], { error: `one of ${allowed}` }));
}

const line = z.object({
  code: codeText,
  label: requiredText,
  category: createClassSchema(CATEGORIES, { 国内: 'domestic', 国際: 'international', '携帯/PHS': 'mobile' }),
  fees_column: createClassSchema(FEES_COLUMNS, {
    国内通話: 'domestic',
    国際通話: 'international',
    au通話: 'au',
    その他移動体: 'other_mobile',
  }),
  usage_row: createClassSchema(USAGE_ROWS, {
    一般通話: 'general',
    国際通話: 'international',
    携帯通話: 'mobile',
    IP通話: 'ip',
    PHS通話: 'phs',
  }),
  counted: z
    .enum(['', 'true', 'false', '1', '0', 'yes', 'no'], { error: 'true or false' })
    .default('')
    .transform((text) => ['true', '1', 'yes'].includes(text)),
});

/** `meisai import call-types`: creates or updates by code. */
export const callTypesImport: TableImport<z.infer<typeof line>> = {
  columns: { required: ['code', 'label', 'category', 'fees_column', 'usage_row'], optional: ['counted'] },
  line,
  save: saveCallType,
};
