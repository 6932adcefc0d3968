import iconv from 'iconv-lite';
import {
  detectDelimiter,
  readCsv,
  type SourceRecord,
  splitCsvFields,
} from '../../../../jobs/import/source/csv-records';
import { inspectSourceFile } from '../../../../jobs/import/source/source-file';
import { writeSourceFile } from '../../../support/command';

async function readRecords(content: string | Buffer): Promise<SourceRecord[]> {
  const records: SourceRecord[] = [];
  const file = await inspectSourceFile(await writeSourceFile(content));
  for await (const block of readCsv(file)) records.push(...block.records);
  return records;
}

const readFields = async (content: string | Buffer) =>
  (await readRecords(content)).map(({ fields }) => fields);

describe('encodings', () => {
  const text = '番号,地域\r\n1,東京～①髙\r\n';
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${text}`)],
    ['CP932', iconv.encode(text, 'cp932')],
  ])('reads %s', async (_, bytes) => {
    expect(await readFields(bytes)).toEqual([
      ['番号', '地域'],
      ['1', '東京～①髙'],
    ]);
  });

  it.each(['', 'a', 'ab', 'abc'])('reads characters that lie across blocks, behind “%s”', async (before) => {
    const field = before + 'あ🗾é'.repeat(100_000);
    expect(await readFields(`${field},い\n`)).toEqual([[field, 'い']]);
    const cp932 = before + 'あ'.repeat(200_000);
    expect(await readFields(iconv.encode(`${cp932},い\n`, 'cp932'))).toEqual([[cp932, 'い']]);
  });

  it('sees a character that is cut off at the end', async () => {
    const cut = await writeSourceFile(Buffer.from('a,あ').subarray(0, -1));
    await expect(inspectSourceFile(cut, 'utf8')).rejects.toThrow(/not in UTF-8/);
  });

  it.each([
    ['UTF-8', 'utf8', Buffer.from([0xe6, 0x9d])],
    ['CP932', 'cp932', Buffer.from([0x93])],
  ])('reads the first half of a file in %s that ends within a character', async (_, encoding, half) => {
    const records = await readRecords(Buffer.concat([iconv.encode(`${text}2,`, encoding), half]));
    expect(records.map(({ fields, fault }) => [fields[1], fault !== undefined])).toEqual([
      ...[
        ['地域', false],
        ['東京～①髙', false],
      ],
      [expect.any(String), true],
    ]);
  });

  it.each([
    ['UTF-8', 'utf8', 'cp932'],
    ['CP932', 'cp932', 'utf8'],
  ])('reads a file in %s that one line of another spoils', async (_, encoding, other) => {
    const good = iconv.encode(`${text}2,大阪\n3,京都\n`, encoding);
    const records = await readRecords(Buffer.concat([good, iconv.encode('4,神戸\n', other)]));
    expect(records.slice(0, 4).map(({ fields }) => fields[1])).toEqual(['地域', '東京～①髙', '大阪', '京都']);
    expect(records[4]?.fault !== undefined).toBe(encoding === 'utf8');
  });

  it('refuses UTF-16 and a wrong --encoding', async () => {
    await expect(readRecords(Buffer.from('\ufeffa,b', 'utf16le'))).rejects.toThrow(/UTF-16/);
    const cp932 = await writeSourceFile(iconv.encode(text, 'cp932'));
    await expect(inspectSourceFile(cp932, 'utf8')).rejects.toThrow(/not in UTF-8/);
  });

  it('marks a line that is in no known encoding', async () => {
    const records = await readRecords(
      Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xfc, 0xfd, 0x0a]), Buffer.from('2,3\n')]),
    );
    expect(records.map(({ fault }) => fault)).toEqual([undefined, 'not in UTF-8 or CP932', undefined]);
  });
});

describe('lines', () => {
  it('skips blank ones, takes CRLF and LF, and needs no end after the last', async () => {
    const records = await readRecords('a,b\r\n\r\n1,2\n \n3,4');
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [1, ['a', 'b']],
      [3, ['1', '2']],
      [5, ['3', '4']],
    ]);
  });

  it('takes quoted fields with commas, quotes and line ends', async () => {
    const records = await readRecords('"a","b ""c"", d"\n"1\r\n2",3\n4,""\n');
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [1, ['a', 'b "c", d']],
      [2, ['1\n2', '3']],
      [4, ['4', '']],
    ]);
  });

  it('loses one line to a stray quote, not those that follow', async () => {
    const records = await readRecords(`a,b\n1,"2\n3,4\n${'5,6\n'.repeat(100)}7,"8"9\n10,11\n`);
    expect(
      records.filter(({ fault }) => fault !== undefined).map(({ line, fault }) => [line, fault]),
    ).toEqual([
      [2, 'a quote is not closed'],
      [104, 'a quote stands in the middle of a field'],
    ]);
    expect(records).toHaveLength(105);
    expect(records.at(-1)?.fields).toEqual(['10', '11']);
  });
});

describe('the fields of a record', () => {
  it.each([
    ['', ['']],
    ['a', ['a']],
    ['a,,b,', ['a', '', 'b', '']],
    ['"a",b', ['a', 'b']],
    ['"a,b","c"', ['a,b', 'c']],
    ['"","""",""""""', ['', '"', '""']],
    ['a"b,c', ['a"b', 'c']],
    ['"a\nb"', ['a\nb']],
    ['"a', 'open'],
    ['x,"a""', 'open'],
    ['"a"b,c', 'malformed'],
    ['"a" ,c', 'malformed'],
  ])('%j are %j', (text, fields) => {
    expect(splitCsvFields(text)).toEqual(fields);
  });

  it('are separated and quoted as the file has it', () => {
    expect(splitCsvFields(`'a;''b';c,d`, { delimiter: ';', quote: "'" })).toEqual(["a;'b", 'c,d']);
    expect(splitCsvFields('"a|b"', { delimiter: '|', quote: null })).toEqual(['"a', 'b"']);
  });

  it.each([
    ['a;b;c,d', ';'],
    ['a\tb', '\t'],
    ['"a;b;c",d,e', ','],
    ['a', ','],
  ])('%j are separated by %j', (line, delimiter) => {
    expect(detectDelimiter(line, [',', ';', '\t'], '"')).toBe(delimiter);
  });
});
