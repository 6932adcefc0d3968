import {
  myPagePasswordRule,
  generatePassword,
  selfPagePasswordRule,
} from '../../../models/sign-in/password-policy';

describe('the guide’s rule', () => {
  it.each(['abc1', 'A1b2C3d4', '1234567a'])('takes %s', (password) => {
    expect(selfPagePasswordRule.findViolations(password)).toEqual([]);
  });

  it.each([
    ['ab1', '4~8文字で入力してください'],
    ['abcd12345', '4~8文字で入力してください'],
    ['abcd', '英字と数字の両方を含めてください'],
    ['ab 12', '半角の英数字だけで入力してください'],
  ])('refuses %j', (password, message) => {
    expect(selfPagePasswordRule.findViolations(password)).toContain(message);
  });
});

describe('the rule of the my page', () => {
  it.each(['meisai-demo-2011', 'correct horse battery', '~'.repeat(64)])('takes %s', (password) => {
    expect(myPagePasswordRule.findViolations(password)).toEqual([]);
  });

  it.each([
    ['short-1', '8~64文字で入力してください'],
    ['x'.repeat(65), '8~64文字で入力してください'],
    ['パスワード12345', '半角の英数字と記号だけで入力してください'],
    ['Password123', '推測されやすいため、別のパスワードを入力してください'],
  ])('refuses %s', (password, message) => {
    expect(myPagePasswordRule.findViolations(password)).toContain(message);
  });
});

describe('randomPassword', () => {
  it('gives another password within the rule each time', () => {
    const passwords = Array.from({ length: 200 }, () => generatePassword('selfpage'));
    expect(new Set(passwords).size).toBe(200);
    expect(passwords.flatMap((password) => selfPagePasswordRule.findViolations(password))).toEqual([]);
    expect(myPagePasswordRule.findViolations(generatePassword('mypage'))).toEqual([]);
  });
});
