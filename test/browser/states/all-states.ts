import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../app';
import { closeCodeQueue } from '../../../jobs/verification-codes/queue';
import { loadDemo } from '../../../jobs/demo/load-demo';
import { closeDetailFileQueue } from '../../../jobs/detail-files/queue';
import { setClock } from '../../support/customers';
import { closeTestPortal, openTestPortal } from '../../support/portal';
import { errorStates, keepLogin } from './login-states';
import { keepMyPage } from './my-states';
import { keeper, type PageState } from './page-state';
import { keepSelfPage } from './self-states';

export interface AllStates {
  states: PageState[];
  /** Of a server that has the style sheet and the scripts. */
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
  const { states, keep } = keeper();
  await keepSelfPage(keep, app);
  await keepMyPage(keep, app);
  // Last: it lets sessions end.
  await keepLogin(keep, app, '/', ['d123456789', 'demo2017']);
  await keepLogin(keep, app, '/mypage/login', ['demo@example.jp', 'meisai-demo-2011']);
  states.push(...(await errorStates(app)));
  return {
    states,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await Promise.all([closeDetailFileQueue(), closeCodeQueue()]);
  await closeTestPortal();
}
