import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';
import { projectRoot } from '../../config';

const views = path.join(projectRoot, 'views');
const files = readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ejs'));

describe('every view', () => {
  it('is found', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)('%s compiles, says first what it needs, and escapes', (file) => {
    const source = readFileSync(path.join(views, file), 'utf8');
    expect(() => ejs.compile(source, { strict: true, localsName: 'it' })).not.toThrow();
    expect(source).toMatch(/^<%# .+%>\n/);
    expect(source.match(/<%-(?! include\()/g)).toBeNull();
  });

  // A letter is a file on its own, opened from a disk: it carries its style with it.
  it.each(files.filter((file) => !file.startsWith('letters')))('%s has no inline style or script', (file) => {
    const source = readFileSync(path.join(views, file), 'utf8');
    expect(source).not.toMatch(/<script>|<style|style="|onclick=|https?:\/\/(?!www\.w3\.org)/);
  });
});
