import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import express from 'express';
import { PNG } from 'pngjs';
import { projectRoot } from '../../config';
import { type AllStates, collectStates } from './states/all-states';
import { describeWith } from './support/needs';
import { SAVE_PICTURES, savePicture } from './support/pictures';
import { VirtualDisplay } from './support/window';

let all: AllStates;
let screen: VirtualDisplay;
let server: Server;

beforeAll(async () => {
  all = await collectStates();
  screen = new VirtualDisplay();
  const pages = express().use('/public', express.static(path.join(projectRoot, 'public')));
  pages.get('/:index', (req, res) => {
    res.send(all.states[Number(req.params.index)]?.html);
  });
  server = pages.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await Promise.all([all.close(), screen.close()]);
});

const PAGES = [
  '/ wrong login',
  '/selfpage/contract',
  'self: charges with files',
  '/selfpage/charges/#',
  '/selfpage/calls/#?page=#',
  'self: password with errors',
  '/selfpage/detail-files partly made',
  'my: method',
  'my: code',
  '/mypage/usage/#',
];

// Engines without modern CSS or script: a whole page with its style, drawn.
describeWith('netsurf-gtk', 'dillo', 'Xvfb', 'xwd').each([
  { program: 'netsurf-gtk', size: ['--window_width=1000', '--window_height=1300'] },
  { program: 'dillo', size: ['-g', '1000x1300+0+0'] },
])('$program', ({ program, size }) => {
  async function draw(name: string): Promise<void> {
    const index = all.states.findIndex((state) => state.name === name);
    expect(index).toBeGreaterThanOrEqual(0);
    const { port } = server.address() as AddressInfo;
    const picture = await screen.takePicture(program, ...size, `http://127.0.0.1:${port}/${index}`);
    expect(picture.width).toBe(1000);
    // Without filters: to choose them for each line takes longer than all else.
    if (SAVE_PICTURES) savePicture(program, name, PNG.sync.write(picture, { filterType: 0 }));
  }

  it.each(PAGES)('draws %s', draw);

  // That many take minutes: for who wants to look at them.
  (SAVE_PICTURES ? it : it.skip)(
    'draws every other page in every state',
    async () => {
      for (const { name } of all.states) if (!PAGES.includes(name)) await draw(name);
    },
    3_600_000,
  );
});
