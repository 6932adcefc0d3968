import { createWriteStream, existsSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { type LetterContent, LETTER_TITLE } from './letter-content';
import { OperatorError } from '../../lib/process/operator-error';

const FONT = 'NotoSansCJKjp-Regular';
/** The font's places on common systems. */
const FONT_FILES = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
];

const MILLIMETRE = 72 / 25.4;
const MARGIN = 22 * MILLIMETRE;
/** Sizes in points. */
const TEXT = 11;
const SECRET = 15;

/** This machine has no font for it. The message says which package brings one. */
export class MissingFontError extends OperatorError {}

const NO_FONT =
  'There is no Japanese font for the PDF: install the package fonts-noto-cjk (the HTML page needs none)';

/**
 * Writes welcome letters as one PDF, a page of A4 each, which only this user may read.
 *
 * @throws MissingFontError
 */
export async function writeLetterPdf(
  file: string,
  letters: LetterContent[],
  fonts: readonly string[] = FONT_FILES,
): Promise<void> {
  const font = fonts.find((candidate) => existsSync(candidate));
  if (font === undefined) throw new MissingFontError(NO_FONT);
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    autoFirstPage: false,
    info: { Title: LETTER_TITLE },
    lang: 'ja',
  });
  pdf.registerFont(FONT, font, FONT);
  const written = finished(pdf.pipe(createWriteStream(file, { mode: 0o600 })));
  for (const letter of letters) drawLetter(pdf.addPage(), letter);
  pdf.end();
  await written;
}

function drawLetter(pdf: PDFKit.PDFDocument, letter: LetterContent): void {
  pdf.font(FONT).fontSize(TEXT).lineGap(4);
  pdf.text(letter.date, { align: 'right' });
  pdf.text(letter.addressee);
  pdf.text(letter.sender, { align: 'right' });
  pdf.moveDown(2).fontSize(16).text(letter.title, { align: 'center' }).fontSize(TEXT).moveDown(1.5);
  pdf.text(letter.greeting);
  pdf.moveDown(1);
  for (const { name, value, isSecret } of letter.rows) drawRow(pdf, name, value, isSecret ? SECRET : TEXT);
  pdf.moveDown(1);
  for (const note of letter.notes) pdf.text(note, MARGIN);
  drawSupport(pdf, letter.support);
}

/** Draws a row of the table, as high as its longer text. */
function drawRow(pdf: PDFKit.PDFDocument, name: string, value: string, size: number): void {
  const width = pdf.page.width - 2 * MARGIN;
  const first = 55 * MILLIMETRE;
  const padding = 7;
  const room = width - first - 2 * padding;
  const { y } = pdf;
  const height =
    Math.max(pdf.fontSize(size).heightOfString(value, { width: room }), TEXT * 1.8) + 2 * padding;
  pdf
    .lineWidth(0.6)
    .rect(MARGIN, y, first, height)
    .rect(MARGIN + first, y, width - first, height)
    .stroke();
  pdf.fontSize(TEXT).text(name, MARGIN + padding, y + padding, { width: first - 2 * padding });
  pdf.fontSize(size).text(value, MARGIN + first + padding, y + padding, { width: room });
  pdf.fontSize(TEXT);
  pdf.x = MARGIN;
  pdf.y = y + height;
}

function drawSupport(pdf: PDFKit.PDFDocument, lines: string[]): void {
  pdf.moveDown(2);
  pdf
    .moveTo(MARGIN, pdf.y)
    .lineTo(pdf.page.width - MARGIN, pdf.y)
    .stroke();
  pdf.moveDown(0.7);
  for (const line of lines) pdf.text(line, MARGIN);
}
