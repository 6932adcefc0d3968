import { monthLabel, monthPeriod, usageMonthLabel } from '../../../models/billing/month-label';

it('writes months', () => {
  expect(monthLabel(201704)).toBe('2017年04月');
  expect(usageMonthLabel(201704)).toBe('2017年4月分');
});

it('writes the days from which to which a month lasts', () => {
  expect(monthPeriod(201602)).toEqual({ from: '02月01日', to: '02月29日' });
  expect(monthPeriod(201712)).toEqual({ from: '12月01日', to: '12月31日' });
});
