import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../app';
import { closeCodeQueue } from '../../../jobs/verification-codes/queue';
import { loadDemo } from '../../../jobs/demo/load-demo';
import { closeDetailFileQueue } from '../../../jobs/detail-files/queue';
import { setClock, closeTestPortal, openTestPortal } from '../../support/portal';
import { captureErrors, captureLogin } from './login-states';
import { captureMyPage } from './my-states';
import { createCapture, type PageState } from './page-state';
import { captureSelfPage } from './self-states';

export interface AllStates {
  states: PageState[];
  /** URL of a server that has the style sheet and the scripts. */
  url: string;
  close(): Promise<void>;
}

/** For beforeAll: every page of the portal in every state that a customer can see. */
export async function collectStates(): Promise<AllStates> {
  await openTestPortal();
  setClock('2017-12-05T13:20:00+09:00');
  await loadDemo();
  const app = createApp();
  const server = app.listen(0, '127.0.0.1');
  const { states, keep } = createCapture();
  await captureSelfPage(keep, app);
  await captureMyPage(keep, app);
  // Last: it lets sessions end.
  await captureLogin(keep, app, '/', ['d123456789', 'demo2017']);
  await captureLogin(keep, app, '/mypage/login', ['demo@example.jp', 'meisai-demo-2011']);
  states.push(...(await captureErrors(app)));
  return {
    states,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closeAll(server),
  };
}

async function closeAll(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await Promise.all([closeDetailFileQueue(), closeCodeQueue()]);
  await closeTestPortal();
}
