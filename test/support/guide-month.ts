import type { TestCall } from './calls';

export const GUIDE_MONTH = 201505;
const from = '05012345678';
const toMayTime = (day: string, time: string) => `2015-05-${day}T${time}+09:00`;

/** The month that the guide's screens show: 56 yen within Japan and 1,872.50 yen to mobiles. */
export const guideMonth: TestCall[] = [
  { at: toMayTime('01', '20:12:21.5'), duration: 660 },
  { at: toMayTime('01', '20:16:00.5'), duration: 115 },
  { at: toMayTime('01', '20:16:24.5'), duration: 95 },
  { at: toMayTime('01', '20:18:11.0'), duration: 20 },
  { at: toMayTime('04', '13:46:04.5'), duration: 100, to: '05011112222', area: 'IP電話', type: 'ip' },
  { at: toMayTime('04', '13:52:22.0'), duration: 332, to: '05011112222', area: 'IP電話', type: 'ip' },
  { at: toMayTime('04', '14:22:56.5'), duration: 155 },
  {
    at: toMayTime('05', '09:00:00.0'),
    duration: 30_005,
    to: '09012345678',
    area: '携帯電話',
    type: 'mobile_au',
    charge: 93_625,
  },
  {
    at: toMayTime('31', '23:59:59.9'),
    duration: 1,
    to: '07012345678',
    area: '携帯電話',
    type: 'mobile',
    charge: 93_625,
  },
].map((call) => ({ from, ...call }));
