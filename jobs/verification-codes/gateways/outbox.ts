import { log } from '../../../log';
import { now } from '../../../lib/values/clock';
import { writeToOutbox } from '../../../models/verification/outbox';
import { formatCodeMessage, spokenAfter, spokenAgain, spokenBefore } from './code-text';
import type { CodeGateway } from './gateway';

/** Writes a file instead of sending a message, for development. */
export const outboxGateway: CodeGateway = {
  async send({ id, method, to, code }) {
    const spoken = code.replace(/(?!^)/g, ' ');
    const text =
      method === 'sms'
        ? formatCodeMessage(code)
        : [spokenBefore, spoken, spokenAgain, spoken, spokenAfter].join(' ');
    await writeToOutbox(id, { method, to, text, code, at: new Date(now()).toISOString() });
    log.info({ id, method }, 'verification code written to the outbox');
    return `outbox-${id}`;
  },
};
