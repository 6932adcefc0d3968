import path from 'node:path';
import express from 'express';
import { config, projectRoot } from './config';
import { detectArea } from './routes/areas';
import { twilioRouter } from './routes/gateway/twilio';
import { healthRouter } from './routes/health';
import { frontPageRouter, logoutRouter, myPageLogin, selfPageLogin } from './routes/login';
import { compressPages } from './routes/middleware/compress';
import { csrf, exposeCsrfToken } from './routes/middleware/csrf';
import { checkMethod, handleNotFound, showError } from './routes/middleware/errors';
import { noStore, securityHeaders } from './routes/middleware/headers';
import { favicon, publicFiles } from './routes/middleware/public-files';
import { requestLog } from './routes/middleware/request-log';
import { requestTimeout } from './routes/middleware/request-timeout';
import { sessions } from './routes/middleware/session';
import { visits } from './routes/middleware/visit';
import { waitForImport } from './routes/middleware/wait-for-import';
import { billsRouter } from './routes/mypage/bills';
import { myPageDetailFilesRouter } from './routes/mypage/detail-files';
import { devicesRouter } from './routes/mypage/devices';
import { guideRouter } from './routes/mypage/guide';
import { exposeLastLogin, loginsRouter } from './routes/mypage/logins';
import { topRouter } from './routes/mypage/top';
import { usageRouter } from './routes/mypage/usage';
import { verificationRouter } from './routes/mypage/verification';
import { myPagePasswordRouter, selfPagePasswordRouter } from './routes/password';
import { handleExpiredForm, requireLogin, requireRecentCode, requireVerified } from './routes/require-login';
import { callsRouter } from './routes/selfpage/calls';
import { chargesRouter } from './routes/selfpage/charges';
import { contractRouter, redirectToContract } from './routes/selfpage/contract';
import { selfPageDetailFilesRouter } from './routes/selfpage/detail-files';
import { telegramsRouter } from './routes/selfpage/telegrams';
import { createViewEngine } from './routes/view-engine';
import { viewLocals } from './routes/view-locals';

/** The whole portal. It listens on no port; requests open their own connections, except the session store's Redis. */
export function createApp(): express.Express {
  const app = express();
  app.set('views', path.join(projectRoot, 'views'));
  app.engine('ejs', createViewEngine(viewLocals));
  app.set('view engine', 'ejs');
  app.set('view cache', true);
  app.set('trust proxy', config.TRUST_PROXY ?? false);
  app.disable('x-powered-by');
  app.disable('etag');

  app.use('/health', healthRouter);
  app.use(requestLog);
  app.use(securityHeaders());
  app.use(detectArea);
  app.use(checkMethod);
  app.use('/public', publicFiles());
  app.get('/favicon.ico', favicon);
  app.use(noStore);
  app.use(requestTimeout);
  app.use(waitForImport);
  app.use('/gateway/twilio', twilioRouter);
  app.use(express.urlencoded({ extended: false, limit: '50kb' }));
  app.use(sessions());
  app.use(visits);
  app.use(exposeCsrfToken);
  app.use(csrf());

  // Anyone may see these.
  app.use(frontPageRouter);
  app.use('/selfpage/login', ...selfPageLogin);
  app.use('/mypage/login', ...myPageLogin);
  app.use('/mypage/guide', guideRouter);
  app.use(handleExpiredForm);

  // From here on, you must be signed in on the self page.
  app.use('/selfpage', requireLogin('selfpage'), compressPages);
  app.get('/selfpage', redirectToContract);
  app.use('/selfpage/logout', logoutRouter);
  app.use('/selfpage/contract', contractRouter);
  app.use('/selfpage/password', selfPagePasswordRouter);
  app.use('/selfpage/charges', chargesRouter);
  app.use('/selfpage/calls', callsRouter);
  app.use('/selfpage/telegrams', telegramsRouter);
  app.use('/selfpage/detail-files', selfPageDetailFilesRouter);

  // From here on, you must be signed in on the my page.
  app.use('/mypage', requireLogin('mypage'), exposeLastLogin, compressPages);
  app.use('/mypage', topRouter);
  app.use('/mypage/logout', logoutRouter);
  app.use('/mypage/verification', verificationRouter);
  app.use('/mypage/password', requireRecentCode, myPagePasswordRouter);

  // From here on, the second factor too.
  app.use('/mypage', requireVerified);
  app.use('/mypage/devices', devicesRouter);
  app.use('/mypage/logins', loginsRouter);
  app.use('/mypage/bills', billsRouter);
  app.use('/mypage/usage', usageRouter);
  app.use('/mypage/detail-files/:contract', myPageDetailFilesRouter);

  app.use(handleNotFound);
  app.use(showError);
  return app;
}
