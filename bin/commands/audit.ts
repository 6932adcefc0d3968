import { type Command, InvalidArgumentError } from 'commander';
import { listAuditEvents, type LoggedEvent } from '../../models/sign-in/audit';
import { addCommand, type Report } from './output';

interface AuditOptions {
  login?: string;
  last: number;
}

/** `meisai audit` */
export function addAuditCommand(program: Command, report: Report): void {
  addCommand(program, 'audit', 'what customers did: logins, second factors, devices, downloads')
    .option('--login <login>', 'of one login only')
    .option('--last <count>', 'how many events', parseEventCount, 100)
    .action(async ({ login, last }: AuditOptions) => {
      const events = await listAuditEvents(last, login);
      const jsonEvents = events.map(({ at, ...event }) => ({ at: new Date(at).toISOString(), ...event }));
      report({ summary: events.map(formatEvent).join('\n') || 'No events', json: jsonEvents });
    });
}

function parseEventCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a number from 1 to 999999');
}

/** One line per event, in Japanese time. Text from outside is shown as JSON, so that it cannot control the terminal. */
function formatEvent({ at, event, login, address, user_agent, detail }: LoggedEvent): string {
  const time = new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Tokyo' });
  const facts = Object.keys(detail).length > 0 ? [JSON.stringify(detail)] : [];
  return [time, event, JSON.stringify(login), address, ...facts, JSON.stringify(user_agent)].join('  ');
}
