import { emailPasswordRule } from '../../models/password-rule';
import { passwordWizard } from '../password';

export const emailPasswordRouter = passwordWizard({
  kind: 'email',
  name: 'パスワード',
  loginName: 'メールアドレス',
  rule: emailPasswordRule,
});
