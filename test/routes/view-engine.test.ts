import path from 'node:path';
import { projectRoot } from '../../config';
import { createViewEngine } from '../../routes/view-engine';

const render = createViewEngine({});
const view = path.join(projectRoot, 'views/partials/csrf.ejs');

it('hands Express the page, or the error', () => {
  const answers: unknown[] = [];
  const done = (error: unknown, html?: string) => answers.push(error ?? html);
  render(view, { csrfToken: () => 'a&b' }, done);
  render(view, {}, done);
  expect(answers).toEqual(['<input type="hidden" name="_csrf" value="a&amp;b">\n', expect.any(Error)]);
});
