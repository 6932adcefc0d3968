import { visibleUsageMonths } from '../../models/contract/service';
import { detailFilesRouter } from '../detail-files';
import { memberContractOf } from './usage-choice';
import { usagePageOf } from './usage-page';

/** The files of a contract of the member: the calls of its 050 numbers. */
export const memberDetailFilesRouter = detailFilesRouter(async (req) => {
  const { id, code } = await memberContractOf(req, 'ip050');
  const { path, name } = usagePageOf('ip050');
  return {
    contractId: id,
    contractCode: code,
    codeName: 'ご契約番号',
    months: visibleUsageMonths('ip050'),
    base: `/mypage/detail-files/${code}`,
    menu: 'usage',
    back: { href: `${path}?contract=${code}&month=${String(req.params.month)}`, words: `${name}へ戻る` },
  };
});
