import { revokeDevices } from '../../models/sign-in/trusted-device';
import { emailPasswordRule } from '../../models/sign-in/password-policy';
import { passwordWizard } from '../password';
import { memberOf } from './member';

export const emailPasswordRouter = passwordWizard({
  kind: 'email',
  name: 'パスワード',
  loginName: 'メールアドレス',
  rule: emailPasswordRule,
  // Who knew the old password may have verified a device with it.
  changed: (req) => revokeDevices(memberOf(req).account_id),
});
