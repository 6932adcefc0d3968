import { type Request, Router } from 'express';
import { countInvoices, findInvoice, listInvoices } from '../../models/billing/invoice';
import { notFound } from '../middleware/errors';
import { offsetOf, pagerOf, ROWS_OF_PAGE } from '../pager';
import { memberOf } from './member';

/** 請求情報一覧 and 請求情報照会. */
export const billsRouter = Router();

const MOST_TO_CHOOSE_FROM = 60;

billsRouter.get('/', async (req, res) => {
  const { customer_number } = memberOf(req);
  const pager = pagerOf(req, await countInvoices(customer_number));
  const invoices = await listInvoices(customer_number, offsetOf(pager), ROWS_OF_PAGE);
  res.render('mypage/bills/list', { invoices, pager });
});

/** The newest one, or the one that the form has chosen. */
billsRouter.get('/latest', async (req, res) => {
  if (typeof req.query.number === 'string') {
    res.redirect(303, `/mypage/bills/${encodeURIComponent(req.query.number)}`);
    return;
  }
  const invoices = await choiceOf(req);
  res.render('mypage/bills/show', { invoices, invoice: invoices[0] });
});

billsRouter.get('/:number', async (req, res) => {
  const invoice = await findInvoice(memberOf(req).customer_number, req.params.number);
  if (!invoice) throw notFound();
  const newest = await choiceOf(req);
  const isNew = newest.some(({ id }) => id === invoice.id);
  res.render('mypage/bills/show', { invoices: isNew ? newest : [...newest, invoice], invoice });
});

const choiceOf = (req: Request) => listInvoices(memberOf(req).customer_number, 0, MOST_TO_CHOOSE_FROM);
