import path from 'node:path';
import express from 'express';
import { config, projectRoot } from './config';
import { compressPages } from './routes/middleware/compress';
import { csrf, csrfForViews, expiredForm } from './routes/middleware/csrf';
import { knownMethods, noSuchPage, showError } from './routes/middleware/errors';
import { noStore, securityHeaders } from './routes/middleware/headers';
import { healthRouter } from './routes/health';
import { logoutRouter } from './routes/logout';
import { deadline, waitForImports } from './routes/middleware/request-timeout';
import { favicon, publicFiles } from './routes/middleware/public-files';
import { callsRouter } from './routes/selfpage/calls';
import { chargesRouter } from './routes/selfpage/charges';
import { contractRouter, leadToContract } from './routes/selfpage/contract';
import { requireCustomer } from './routes/selfpage/customer';
import { selfDetailFilesRouter } from './routes/selfpage/detail-files';
import { twilioRouter } from './routes/gateway/twilio';
import { billsRouter } from './routes/mypage/bills';
import { memberDetailFilesRouter } from './routes/mypage/detail-files';
import { devicesRouter } from './routes/mypage/devices';
import { guideRouter } from './routes/mypage/guide';
import { emailLoginProblem, emailLoginRouter } from './routes/mypage/login';
import { loginsRouter } from './routes/mypage/logins';
import { requireMember, requireVerified } from './routes/mypage/member';
import { emailPasswordRouter } from './routes/mypage/password';
import { topRouter } from './routes/mypage/top';
import { usageRouter } from './routes/mypage/usage';
import { verificationRouter } from './routes/mypage/verification';
import { selfLoginProblem, selfLoginRouter } from './routes/selfpage/login';
import { selfPasswordRouter } from './routes/selfpage/password';
import { telegramsRouter } from './routes/selfpage/telegrams';
import { requestLog } from './routes/middleware/request-log';
import { sessions } from './routes/middleware/session';
import { areaForViews } from './routes/areas';
import { viewEngine } from './routes/view-engine';
import { viewLocals } from './routes/view-locals';

/** The whole portal. Opens nothing before the first request, and listens to nothing. */
export function createApp(): express.Express {
  const app = express();
  app.set('views', path.join(projectRoot, 'views'));
  app.engine('ejs', viewEngine(viewLocals));
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  app.set('trust proxy', config.TRUST_PROXY ?? false);
  app.disable('x-powered-by');
  app.disable('etag');

  app.use('/health', healthRouter);
  app.use(requestLog);
  app.use(securityHeaders());
  app.use(areaForViews);
  app.use(knownMethods);
  app.use('/public', publicFiles());
  app.get('/favicon.ico', favicon);
  app.use(noStore);
  app.use(deadline);
  app.use(waitForImports);
  app.use('/gateway/twilio', twilioRouter);
  app.use(express.urlencoded({ extended: false, limit: '50kb' }));
  app.use(sessions());
  app.use(csrfForViews);
  app.use(csrf());

  // Anyone may see these.
  app.use(selfLoginRouter);
  app.use('/selfpage/login', selfLoginProblem);
  app.use('/mypage/login', emailLoginRouter);
  app.use('/mypage/login', emailLoginProblem);
  app.use('/mypage/guide', guideRouter);
  app.use(expiredForm);

  // From here on, you must be signed in on the self page.
  app.use('/selfpage', requireCustomer, compressPages);
  app.get('/selfpage', leadToContract);
  app.use('/selfpage/logout', logoutRouter);
  app.use('/selfpage/contract', contractRouter);
  app.use('/selfpage/password', selfPasswordRouter);
  app.use('/selfpage/charges', chargesRouter);
  app.use('/selfpage/calls', callsRouter);
  app.use('/selfpage/telegrams', telegramsRouter);
  app.use('/selfpage/detail-files', selfDetailFilesRouter);

  // From here on, you must be signed in on the my page.
  app.use('/mypage', requireMember, compressPages);
  app.use('/mypage', topRouter);
  app.use('/mypage/logout', logoutRouter);
  app.use('/mypage/password', emailPasswordRouter);
  app.use('/mypage/devices', devicesRouter);
  app.use('/mypage/logins', loginsRouter);
  app.use('/mypage/verification', verificationRouter);

  // From here on, the second factor too.
  app.use('/mypage', requireVerified);
  app.use('/mypage/bills', billsRouter);
  app.use('/mypage/usage', usageRouter);
  app.use('/mypage/detail-files/:contract', memberDetailFilesRouter);

  app.use(noSuchPage);
  app.use(showError);
  return app;
}
