import { config } from '../../../config';
import { listContactMethods, toE164 } from '../../../models/verification/contact-method';

afterEach(() => Object.assign(config, { VERIFICATION_GATEWAY: 'outbox', TWILIO_ACCOUNT_SID: undefined }));

it.each(['07012345678', '08012345678', '09012345678', '447911123456'])('offers both for %s', (digits) => {
  expect(listContactMethods(digits)).toEqual(['sms', 'voice']);
});

it.each(['0312345678', '05012345678', '0120123456', '0409921234', '09'])('offers a call for %s', (digits) => {
  expect(listContactMethods(digits)).toEqual(['voice']);
});

it('offers no call by SMPP alone', () => {
  Object.assign(config, { VERIFICATION_GATEWAY: 'smpp' });
  expect(listContactMethods('09012345678')).toEqual(['sms']);
  expect(listContactMethods('0312345678')).toEqual([]);
  Object.assign(config, { TWILIO_ACCOUNT_SID: 'AC0' });
  expect(listContactMethods('0312345678')).toEqual(['voice']);
});

it('writes a number as the gateways want it', () => {
  expect(toE164('09012345678')).toBe('+819012345678');
  expect(toE164('447911123456')).toBe('+447911123456');
});
