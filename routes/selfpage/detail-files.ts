import { createDetailFilesRouter } from '../detail-files';
import { currentUser } from '../require-login';
import { listVisibleMonths } from './months';

/** The files of the customer's contract. */
export const selfPageDetailFilesRouter = createDetailFilesRouter((req) => {
  const customer = currentUser(req, 'selfpage');
  return Promise.resolve({
    contractId: customer.contract_id,
    contractCode: customer.contract_code,
    codeName: '契約コード',
    months: listVisibleMonths(customer),
    base: '/selfpage/detail-files',
    menu: 'charges',
    back: { href: '/selfpage/charges', words: 'ご利用料金確認画面へ戻る' },
  });
});
