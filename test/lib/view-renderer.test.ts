import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createViewRenderer } from '../../lib/view-renderer';

const folder = mkdtempSync(path.join(tmpdir(), 'meisai-views-'));
const render = createViewRenderer({ yen: (sen: number) => `${sen / 100}円`, service: 'でんわ' });

const write = (view: string, text: string): void => writeFileSync(path.join(folder, `${view}.ejs`), text);
const renderView = (view: string, given: object = {}): string =>
  render(path.join(folder, `${view}.ejs`), given);

afterAll(() => rm(folder, { recursive: true }));

describe('a view', () => {
  it('has what it is given in `it`, and what all views share by name, escaped', () => {
    write('page', '<%# words. -%>\n<p><%= service %>: <%= it.words %> <%= yen(20000) %></p>');
    expect(renderView('page', { words: '<b>&' })).toBe('<p>でんわ: &lt;b&gt;&amp; 200円</p>');
    expect(renderView('page', { words: 'again' })).toBe('<p>でんわ: again 200円</p>');
  });

  it('hands what it has to those that it includes, which keep what they are given to themselves', () => {
    write('line', '<%= service %>-<%= it.title %>-<%= it.row %>;');
    write(
      'list',
      `<% for (const row of it.rows) { -%><%- include('line', { row }) %><% } -%><%= it.title %>`,
    );
    write('whole', `<%- include('list', { title: 'inner' }) %>,<%= it.title %>`);
    expect(renderView('whole', { title: 'outer', rows: [1, 2] })).toBe(
      'でんわ-inner-1;でんわ-inner-2;inner,outer',
    );
  });

  it('can ask for what it may lack', () => {
    write('may', '<% if (it.state) { %><%= it.state %><% } else { %>none<% } %>');
    expect(renderView('may')).toBe('none');
    expect(renderView('may', { state: 'there' })).toBe('there');
  });

  it('fails where it writes what it was not given, and says where', () => {
    write('lacks', '<tr>\n  <td></td>\n</tr>\n<p><%= it.nothing %></p>');
    expect(() => renderView('lacks')).toThrow(/lacks\.ejs:4\n[^]*>> 4\|[^]*undefined/);
  });

  it('fails on a name that nobody gave it, though it writes nothing', () => {
    write('unknown', '<% if (nothing) { %>there<% } %>');
    expect(() => renderView('unknown')).toThrow(/nothing is not defined/);
  });

  it('sees nothing of what was put on Object.prototype', () => {
    const polluted: { stranger?: string } = Object.prototype;
    write('polluted', '<%= typeof it.stranger %>');
    renderView('polluted');
    polluted.stranger = 'in';
    try {
      expect(renderView('polluted')).toBe('undefined');
    } finally {
      delete polluted.stranger;
    }
  });
});

describe('an indented line', () => {
  it('continues the line above, and so does the closing tag below it', () => {
    write('row', '<table>\n<tr>\n  <th>a</th>\n  <td>\n    b\n  </td>\n</tr>\n</table>\n');
    expect(renderView('row')).toBe('<table>\n<tr><th>a</th><td>b</td></tr>\n</table>\n');
  });

  it('may be code', () => {
    write(
      'code',
      '<tr>\n  <% if (it.wide) { -%>\n  <th>a</th>\n  <% } -%>\n  <td>b</td>\n</tr>\n<% if (it.wide) { -%>\n<hr>\n<% } -%>\n',
    );
    expect(renderView('code', { wide: true })).toBe('<tr><th>a</th><td>b</td></tr>\n<hr>\n');
    expect(renderView('code', { wide: false })).toBe('<tr><td>b</td></tr>\n');
  });

  it('is left as it is within code', () => {
    write('object', '<% const rows = {\n  a: `1\n  2`,\n}; -%>\n<p><%= rows.a %></p>\n');
    expect(renderView('object')).toBe('<p>1\n  2</p>\n');
  });
});
