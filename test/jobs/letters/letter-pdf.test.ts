import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { load } from 'cheerio';
import { config } from '../../../config';
import { MissingFontError, writeLetterPdf } from '../../../jobs/letters/letter-pdf';
import { releaseRedis } from '../../../bin/commands/redis-for-command';
import { findLogin } from '../../../models/sign-in/login';
import { runCommand, runJson } from '../../support/command';
import { saveTestContract } from '../../support/contracts';
import { closeTestPortal, openTestPortal } from '../../support/portal';

interface Issued {
  accounts: { login: string; password: string }[];
  pdf: string;
}

beforeAll(async () => {
  await openTestPortal();
  for (const code of ['d1', 'd2']) await saveTestContract(code);
  await saveTestContract('N1', [], { service: 'ip050', customer_number: 'C1' });
});
afterAll(async () => {
  await releaseRedis();
  await closeTestPortal();
});

const stripSpace = (text: string): string => text.replace(/\s/g, '');

const hasFont = existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc');
const hasReader = existsSync('/usr/bin/pdftotext');

(hasFont && hasReader ? describe : describe.skip)('letters as PDF', () => {
  it('are one file with a page for each new login', async () => {
    const { accounts, pdf } = await runJson<Issued>('account', 'issue', '--all-new');
    expect(accounts.map(({ login }) => login)).toEqual(['d1', 'd2']);
    for (const { login, password } of accounts)
      expect(await findLogin('selfpage', login, password)).toBeDefined();
    expect(statSync(pdf).mode & 0o777).toBe(0o600);
    expect(
      readFileSync(pdf)
        .toString('latin1')
        .match(/\/Type \/Page\b/g),
    ).toHaveLength(2);
    expect(await runJson('account', 'issue', '--all-new')).toEqual({ accounts: [], pdf: null });
  });

  it('say what the page says', async () => {
    const { password, pdf, letter } = await runJson<{ password: string; pdf: string; letter: string }>(
      'account',
      'reset',
      'd1',
      '--letter',
      '--pdf',
    );
    expect(await findLogin('selfpage', 'd1', password)).toBeDefined();

    const page = load(readFileSync(letter, 'utf8'));
    const sentences = page('h1, p, th, td')
      .get()
      .map((element) => page(element).text());
    expect(sentences).toEqual(expect.arrayContaining(['d1', password]));
    const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
    for (const sentence of sentences) expect(stripSpace(text)).toContain(stripSpace(sentence));
  });
});

it('are not written where there is no font, and the message names the package', async () => {
  const file = path.join(config.DATA_DIR, 'none.pdf');
  await expect(writeLetterPdf(file, [], ['/none'])).rejects.toThrow(MissingFontError);
  await expect(writeLetterPdf(file, [], ['/none'])).rejects.toThrow(/fonts-noto-cjk/);
});

it('asks for a contract or for all', async () => {
  for (const args of [[], ['d1', '--all-new']])
    expect((await runCommand('account', 'issue', ...args)).err).toContain('either a contract or --all-new');
});
