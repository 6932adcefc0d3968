import { detailFilesRouter } from '../detail-files';
import { signedInCustomer, visibleMonths } from './customer';

/** The files of the customer's contract. */
export const selfDetailFilesRouter = detailFilesRouter((req) => {
  const customer = signedInCustomer(req);
  return Promise.resolve({
    contractId: customer.contract_id,
    contractCode: customer.contract_code,
    codeName: '契約コード',
    months: visibleMonths(customer),
    base: '/selfpage/detail-files',
    menu: 'charges',
    back: { href: '/selfpage/charges', words: 'ご利用料金確認画面へ戻る' },
  });
});
