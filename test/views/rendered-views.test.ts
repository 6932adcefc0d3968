import { readdirSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';
import { projectRoot } from '../../config';
import { buildWelcomeLetter } from '../../jobs/letters/letter-content';
import { writeWelcomeLetter } from '../../jobs/letters/welcome-letter';
import { collectStates } from '../browser/states/all-states';

// A view that writes something undefined fails as it is rendered: so each has to be, in every state of the portal.
it('every view is rendered by some page or letter', async () => {
  const compile = jest.spyOn(ejs, 'compile');
  const portal = await collectStates();
  await portal.close();
  await writeWelcomeLetter(buildWelcomeLetter('d1', { login: 'd1', password: 'abc12345' }));

  const views = path.join(projectRoot, 'views');
  const files = readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ejs'),
  );
  const rendered = compile.mock.calls.map(([, options]) => path.relative(views, options?.filename ?? ''));
  expect(files.filter((file) => !rendered.includes(file))).toEqual([]);
}, 120_000);
