export { createApp } from './app';
export { startServices } from './bin/server/services';
