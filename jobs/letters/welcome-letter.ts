import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { config, projectRoot } from '../../config';
import { createViewRenderer } from '../../lib/view-renderer';
import type { WelcomeLetter } from './letter-content';
import { writeLetterPdf } from './letter-pdf';

const renderView = createViewRenderer({});

/** Writes a letter as an HTML page to be printed, which only this user may read. Returns its path under DATA_DIR. */
export async function writeWelcomeLetter(letter: WelcomeLetter): Promise<string> {
  const file = await prepareLetterPath(letter.login, 'html');
  const html = renderView(path.join(projectRoot, 'views', 'letters', 'welcome.ejs'), letter);
  await writeFile(file, html, { mode: 0o600 });
  // The mode above counts for a new file only.
  await chmod(file, 0o600);
  return file;
}

/** Writes letters as one PDF, a page for each. `name`: of the login, or of the batch. Returns its path. */
export async function writeWelcomePdf(name: string, letters: WelcomeLetter[]): Promise<string> {
  const file = await prepareLetterPath(name, 'pdf');
  await writeLetterPdf(
    file,
    letters.map(({ content }) => content),
  );
  await chmod(file, 0o600);
  return file;
}

async function prepareLetterPath(name: string, ending: string): Promise<string> {
  const folder = path.join(config.DATA_DIR, 'letters');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return path.join(folder, `${name.replace(/[^A-Za-z0-9@._-]/g, '_')}.${ending}`);
}
