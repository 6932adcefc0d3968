import type { DetailFile, DetailFileFormat, DetailFileKind } from './detail-file';
import { db } from '../../lib/database/db';
import { labels } from '../call/labels';

const NAMES: Record<DetailFileKind, { ascii: string; japanese: string }> = {
  fees: { ascii: 'ryokin', japanese: labels.file.fees },
  calls: { ascii: 'tsuwameisai', japanese: labels.file.calls },
};

const ENDINGS: Record<DetailFileFormat, string> = {
  csv: '.csv',
  utf8: '_utf8.csv',
  'csv-zip': '.zip',
  'utf8-zip': '_utf8.zip',
};

/** Builds the names of a download: tsuwameisai_d123456789_201711.csv, and 通話明細_d123456789_201711.csv. */
export function buildDetailFileNames(
  file: Pick<DetailFile, 'kind' | 'billing_month'>,
  contractCode: string,
  format: DetailFileFormat,
): { ascii: string; japanese: string } {
  const rest = `_${contractCode}_${file.billing_month}${ENDINGS[format]}`;
  const { ascii, japanese } = NAMES[file.kind];
  return { ascii: ascii + rest, japanese: japanese + rest };
}

export async function getContractCode(file: DetailFile): Promise<string> {
  const contract = await db('contracts').where('id', file.contract_id).first<{ code: string }>('code');
  return contract.code;
}
