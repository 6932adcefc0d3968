import { log } from '../../../log';
import { now } from '../../../lib/values/clock';
import { writeToOutbox } from '../../../models/verification/outbox';
import { codeMessage, spokenAfter, spokenAgain, spokenBefore } from './code-text';
import type { CodeGateway } from './gateway';

/** For development: a file instead of a message. */
export const outboxGateway: CodeGateway = {
  async send({ id, method, to, digits }) {
    const spoken = digits.replace(/(?!^)/g, ' ');
    const text =
      method === 'sms'
        ? codeMessage(digits)
        : [spokenBefore, spoken, spokenAgain, spoken, spokenAfter].join(' ');
    await writeToOutbox(id, { method, to, text, code: digits, at: new Date(now()).toISOString() });
    log.info({ id, method }, 'verification code written to the outbox');
    return `outbox-${id}`;
  },
};
