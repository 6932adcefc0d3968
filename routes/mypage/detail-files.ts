import { listVisibleUsageMonths } from '../../models/contract/service';
import { createDetailFilesRouter } from '../detail-files';
import { getRequestedContract, getUsagePage } from './usage-choice';

/** The files of one of the user's contracts: the calls of its 050 numbers. */
export const myPageDetailFilesRouter = createDetailFilesRouter(async (req) => {
  const { id, code } = await getRequestedContract(req, 'ip050');
  const { path, name } = getUsagePage('ip050');
  return {
    contractId: id,
    contractCode: code,
    codeName: 'ご契約番号',
    months: listVisibleUsageMonths('ip050'),
    base: `/mypage/detail-files/${code}`,
    menu: 'usage',
    back: { href: `${path}?contract=${code}&month=${String(req.params.month)}`, words: `${name}へ戻る` },
  };
});
