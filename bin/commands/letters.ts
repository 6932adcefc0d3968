import type { NewAccount } from '../../models/account/issue-all';
import { MissingFontError } from '../../jobs/letters/letter-pdf';
import { buildWelcomeLetter } from '../../jobs/letters/letter-content';
import { writeWelcomeLetter, writeWelcomePdf } from '../../jobs/letters/welcome-letter';
import type { CommandResult } from './output';

/** Where the letters are. */
export interface WrittenLetters {
  /** The page of each. */
  html: string[];
  /** One for all of them, where it was asked for and there is a font. */
  pdf?: string;
  /** Why there is none though it was asked for. */
  noPdf?: string;
}

/** Writes the letters of these accounts as HTML, and as one PDF where that is wanted. */
export async function writeLetters(accounts: NewAccount[], withPdf = false): Promise<WrittenLetters> {
  const letters = accounts.map(({ contractCode, ...account }) => buildWelcomeLetter(contractCode, account));
  const html: string[] = [];
  for (const letter of letters) html.push(await writeWelcomeLetter(letter));
  if (!withPdf) return { html };
  const [first] = letters;
  const name =
    letters.length === 1 && first ? first.login : `letters-${first?.login}-and-${letters.length - 1}-more`;
  try {
    return { html, pdf: await writeWelcomePdf(name, letters) };
  } catch (error) {
    if (error instanceof MissingFontError) return { html, noPdf: error.message };
    throw error;
  }
}

/** What a command says that wrote letters; not all was done where the PDF is missing. */
export function toLetterResult(
  summary: string,
  account: object,
  letters: WrittenLetters = { html: [] },
): CommandResult {
  const { html, pdf, noPdf } = letters;
  const lines = [
    summary,
    ...html.map((file) => `Welcome letter: ${file}`),
    ...(pdf === undefined ? [] : [`As PDF: ${pdf}`]),
    ...(noPdf === undefined ? [] : [noPdf]),
  ];
  const files = {
    letter: html[0],
    ...(pdf === undefined ? {} : { pdf }),
    ...(noPdf === undefined ? {} : { no_pdf: noPdf }),
  };
  return { summary: lines.join('\n'), json: { ...account, ...files }, status: noPdf === undefined ? 0 : 1 };
}
