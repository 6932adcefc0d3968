import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createViewEngine } from '../../routes/view-engine';

const folder = mkdtempSync(path.join(tmpdir(), 'meisai-views-'));
const render = createViewEngine({ yen: (sen: number) => `${sen / 100}円`, service: 'でんわ' });

function renderView(view: string, given: object = {}): Promise<string> {
  return new Promise((resolve, reject) =>
    render(path.join(folder, `${view}.ejs`), given, (error, html) =>
      error instanceof Error ? reject(error) : resolve(html ?? ''),
    ),
  );
}

const write = (view: string, text: string): void => writeFileSync(path.join(folder, `${view}.ejs`), text);

afterAll(() => rm(folder, { recursive: true }));

describe('a view', () => {
  it('has what it is given and what all views are, escaped', async () => {
    write('page', '<%# words. -%>\n<p><%= service %>: <%= words %> <%= yen(20000) %></p>');
    expect(await renderView('page', { words: '<b>&' })).toBe('<p>でんわ: &lt;b&gt;&amp; 200円</p>');
    expect(await renderView('page', { words: 'again' })).toBe('<p>でんわ: again 200円</p>');
  });

  it('hands what it has to those that it includes, which keep what they are given to themselves', async () => {
    write('line', '<%= service %>-<%= title %>-<%= row %>;');
    write('list', `<% for (const row of rows) { -%><%- include('line', { row }) %><% } -%><%= title %>`);
    write('whole', `<%- include('list', { title: 'inner' }) %>,<%= title %>`);
    expect(await renderView('whole', { title: 'outer', rows: [1, 2] })).toBe(
      'でんわ-inner-1;でんわ-inner-2;inner,outer',
    );
  });

  it('may name something of its own as it could be given, and as JavaScript names something', async () => {
    write(
      'own',
      '<% const title = of.name; -%><%= title %><% for (const service of [1]) { %><%= service %><% } %>',
    );
    expect(await renderView('own', { of: { name: 'x' }, title: 'given' })).toBe('x1');
  });

  it('asks for what it may lack by locals', async () => {
    write('may', '<% if (locals.state) { %><%= state %><% } else { %>none<% } %>');
    expect(await renderView('may')).toBe('none');
    expect(await renderView('may', { state: 'there' })).toBe('there');
  });

  it('fails where it writes what it was not given, and says where', async () => {
    write('lacks', '<p>\n<%= nothing %></p>');
    await expect(renderView('lacks')).rejects.toThrow(/lacks\.ejs:2[^]*undefined/);
  });

  it('sees nothing of what was put on Object.prototype', async () => {
    const polluted: { stranger?: string } = Object.prototype;
    write('polluted', '<%= typeof stranger %>');
    await renderView('polluted');
    polluted.stranger = 'in';
    try {
      expect(await renderView('polluted')).toBe('undefined');
    } finally {
      delete polluted.stranger;
    }
  });
});
