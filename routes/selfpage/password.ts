import { selfPagePasswordRule } from '../../models/sign-in/password-policy';
import { createPasswordWizard } from '../password';

export const selfPagePasswordRouter = createPasswordWizard({
  kind: 'self',
  name: 'セルフパスワード',
  loginName: 'セルフID',
  rule: selfPagePasswordRule,
});
