import { revokeDevices } from '../../models/sign-in/trusted-device';
import { myPagePasswordRule } from '../../models/sign-in/password-policy';
import { createPasswordWizard } from '../password';
import { currentUser } from './member';

export const myPagePasswordRouter = createPasswordWizard({
  kind: 'email',
  name: 'パスワード',
  loginName: 'メールアドレス',
  rule: myPagePasswordRule,
  // Who knew the old password may have verified a device with it.
  afterChange: (req) => revokeDevices(currentUser(req).account_id),
});
