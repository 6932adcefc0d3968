import { selfPasswordRule } from '../../models/sign-in/password-policy';
import { passwordWizard } from '../password';

export const selfPasswordRouter = passwordWizard({
  kind: 'self',
  name: 'セルフパスワード',
  loginName: 'セルフID',
  rule: selfPasswordRule,
});
