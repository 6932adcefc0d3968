import { selfPasswordRule } from '../../models/password-rule';
import { passwordWizard } from '../password';

export const selfPasswordRouter = passwordWizard({
  kind: 'self',
  name: 'セルフパスワード',
  loginName: 'セルフID',
  rule: selfPasswordRule,
});
