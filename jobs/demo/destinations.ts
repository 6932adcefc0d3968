/** Made-up destinations by the kind of call: first digits, how many follow, and the area if the numbering data has none. */

export const domesticPlaces = [
  ['031234', 4],
  ['061234', 4],
  ['045123', 4],
  ['052123', 4],
  ['011221', 4],
  ['092712', 4],
  ['0499221', 3],
] as const;

export const ipPlaces = [['050123', 5]] as const;

export const mobilePlaces = [
  ['0901234', 4],
  ['0801234', 4],
  ['0701234', 4],
] as const;

export const internationalPlaces = [
  ['1415555', 4, 'アメリカ合衆国'],
  ['4420712', 5, 'イギリス'],
  ['8862123', 5, '台湾'],
  // Ten characters: as many as the field of a detail file takes.
  ['1784456', 4, 'セントビンセント諸島'],
] as const;
