import { type Request, type RequestHandler, type Response, Router } from 'express';
import { findContract } from '../../models/contract/contract';
import { countPhoneNumbers, listPhoneNumbers, type NumberKind } from '../../models/contract/phone-number';
import { createNotFoundError } from '../middleware/errors';
import { getOffset, paginate, ROWS_PER_PAGE } from '../pager';
import { AREAS } from '../areas';
import { currentUser } from '../require-login';

/** Redirects a shortened address to the page after login. */
export const redirectToContract: RequestHandler = (_req, res) => {
  res.redirect(303, AREAS.selfpage.home);
};

/** The current contract, and the lists of its numbers. */
export const contractRouter = Router();

contractRouter.get('/', async (req, res) => {
  const { contract_id } = currentUser(req, 'selfpage');
  const contract = await findContract(contract_id);
  if (!contract) throw createNotFoundError();
  const numbers = await countPhoneNumbers(contract_id, 'contract');
  res.render('selfpage/contract/show', { contract, numbers, options: contract.options.split(';') });
});

contractRouter.get('/phone-numbers', (req, res) => showNumbers(req, res, 'contract'));

contractRouter.get('/free-call-numbers', (req, res) => showNumbers(req, res, 'free_call'));

async function showNumbers(req: Request, res: Response, kind: NumberKind): Promise<void> {
  const { contract_id } = currentUser(req, 'selfpage');
  const pager = paginate(req, await countPhoneNumbers(contract_id, kind));
  const numbers = await listPhoneNumbers(contract_id, kind, getOffset(pager), ROWS_PER_PAGE);
  res.render('selfpage/contract/numbers', { kind, numbers, pager });
}
