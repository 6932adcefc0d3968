import { type Request, Router } from 'express';
import { countInvoices, findInvoice, listInvoices } from '../../models/billing/invoice';
import { createNotFoundError } from '../middleware/errors';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { currentUser } from '../require-login';

/** 請求情報一覧 and 請求情報照会. */
export const billsRouter = Router();

const MAX_CHOICES = 60;

billsRouter.get('/', async (req, res) => {
  const { customer_number } = currentUser(req, 'mypage');
  const pager = paginate(req, await countInvoices(customer_number));
  const invoices = await listInvoices(customer_number, getOffset(pager), ROWS_PER_PAGE);
  res.render('mypage/bills/list', { invoices, pager });
});

/** Shows the newest invoice; the form that chooses another one is sent here too. */
billsRouter.get('/latest', async (req, res) => {
  if (typeof req.query.number === 'string') {
    res.redirect(303, `/mypage/bills/${encodeURIComponent(req.query.number)}`);
    return;
  }
  const invoices = await listChoices(req);
  res.render('mypage/bills/show', { invoices, invoice: invoices[0] });
});

billsRouter.get('/:number', async (req, res) => {
  const invoice = await findInvoice(currentUser(req, 'mypage').customer_number, req.params.number);
  if (!invoice) throw createNotFoundError();
  const newest = await listChoices(req);
  const isNew = newest.some(({ id }) => id === invoice.id);
  res.render('mypage/bills/show', { invoices: isNew ? newest : [...newest, invoice], invoice });
});

const listChoices = (req: Request) =>
  listInvoices(currentUser(req, 'mypage').customer_number, 0, MAX_CHOICES);
