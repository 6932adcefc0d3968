import type { NewAccount } from '../../models/account/issue-all';
import { MissingFontError } from '../../jobs/letters/letter-pdf';
import { buildWelcomeLetter } from '../../jobs/letters/letter-content';
import { writeWelcomeLetter, writeWelcomePdf } from '../../jobs/letters/welcome-letter';
import type { CommandResult } from './output';

/** The files of the letters. */
export interface WrittenLetters {
  /** One page for each letter. */
  html: string[];
  /** One document for all letters, if it was asked for and a font is installed. */
  pdf?: string;
  /** The reason if it was asked for and could not be written. */
  noPdf?: string;
}

/** Writes the letters of these accounts as HTML, and as one PDF if that is wanted. */
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

/** Adds the files of letters to the result of a command; a missing PDF makes the exit status 1. */
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
