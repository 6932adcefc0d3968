import findRedis from '../../support/global-setup';
import { installBrowsers } from './packages.cjs';

export default function globalSetup(): void {
  findRedis();
  installBrowsers();
}
