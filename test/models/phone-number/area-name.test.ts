import { getAreaNames } from '../../../models/phone-number/area-name';

it.each([
  ['0312345678', '東京'],
  ['0612345678', '大阪'],
  ['0499221234', '伊豆大島'],
  ['05012345678', 'IP電話'],
  ['09012345678', '携帯電話'],
  ['0120123456', 'フリーコール'],
  ['14155552671', 'アメリカ合衆国'],
  ['14165552671', 'カナダ'],
  ['442071838750', 'イギリス'],
  ['6789', ''],
  ['9110', ''],
  ['8103', ''],
  ['', ''],
])('calls the area of %s “%s”', (digits, name) => {
  expect(getAreaNames([digits, digits])).toEqual([name, name]);
  expect(getAreaNames([digits])).toEqual([name]);
});

it('answers for each number in its place', () => {
  expect(getAreaNames(['0312345678', '', '0612345678', '0387654321'])).toEqual([
    ...['東京', '', '大阪', '東京'],
  ]);
  expect(getAreaNames([])).toEqual([]);
});
