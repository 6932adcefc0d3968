import { createWriteStream, existsSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import type { WelcomeLetter } from './welcome-letter';
import { OperatorError } from '../../lib/process/operator-error';

const FONT = 'NotoSansCJKjp-Regular';
/** Where the usual systems have it. */
const FONT_FILES = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
];

const MILLIMETRE = 72 / 25.4;
const MARGIN = 22 * MILLIMETRE;
const TEXT = 11;

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
  letters: WelcomeLetter[],
  fonts: readonly string[] = FONT_FILES,
): Promise<void> {
  const font = fonts.find((candidate) => existsSync(candidate));
  if (font === undefined) throw new MissingFontError(NO_FONT);
  const title = 'ご利用開始のご案内(開通通知)';
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    autoFirstPage: false,
    info: { Title: title },
    lang: 'ja',
  });
  pdf.registerFont(FONT, font, FONT);
  const written = finished(pdf.pipe(createWriteStream(file, { mode: 0o600 })));
  for (const letter of letters) drawLetter(pdf.addPage(), title, letter);
  pdf.end();
  await written;
}

function drawLetter(pdf: PDFKit.PDFDocument, title: string, letter: WelcomeLetter): void {
  pdf.font(FONT).fontSize(TEXT).lineGap(4);
  pdf.text(letter.date, { align: 'right' });
  pdf.text(`ご契約コード ${letter.contractCode} のお客さま`);
  pdf.text(letter.operatorName, { align: 'right' });
  pdf.moveDown(2).fontSize(16).text(title, { align: 'center' }).fontSize(TEXT).moveDown(1.5);
  pdf.text(
    `このたびは「${letter.serviceName}」をお申し込みいただき、まことにありがとうございます。ご契約内容、ご利用料金の確認などは、下記のページよりご利用いただけます。`,
  );
  pdf.moveDown(1);
  const [login, password] = letter.isEmail
    ? ['メールアドレス', 'パスワード(初期)']
    : ['セルフID', 'セルフパスワード(初期)'];
  drawRow(pdf, 'ページのアドレス(URL)', letter.address, TEXT);
  drawRow(pdf, '契約コード', letter.contractCode, TEXT);
  drawRow(pdf, login, letter.login, 15);
  drawRow(pdf, password, letter.password, 15);
  pdf.moveDown(1);
  for (const note of NOTES) pdf.text(note, MARGIN);
  drawSupport(pdf, letter);
}

const NOTES = [
  '※大文字・小文字の区別があります。',
  '※初めてログインされた後に、パスワードの変更をお願いいたします。',
  '※本書は大切に保管してください。パスワードが不明になった場合は、初期化しますので下記までご連絡ください。',
];

/** A row of the table: its height is that of the longer text. */
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

function drawSupport(pdf: PDFKit.PDFDocument, letter: WelcomeLetter): void {
  pdf.moveDown(2);
  pdf
    .moveTo(MARGIN, pdf.y)
    .lineTo(pdf.page.width - MARGIN, pdf.y)
    .stroke();
  pdf.moveDown(0.7);
  for (const line of [letter.supportName, ...letter.supportPhones, letter.supportHours])
    pdf.text(line, MARGIN);
}
