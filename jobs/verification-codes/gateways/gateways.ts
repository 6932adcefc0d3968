import { type ContactMethod, type GatewayName, gatewayOf } from '../../../models/verification/contact-method';
import { type CodeGateway, GatewayRefusal } from './gateway';
import { outboxGateway } from './outbox';
import { smppGateway } from './smpp';
import { twilioGateway } from './twilio';

/** The gateways that the settings name, opened. */
export interface CodeGateways {
  of(method: ContactMethod): CodeGateway;
  close(): Promise<void>;
}

const OPEN: Record<GatewayName, () => CodeGateway> = {
  outbox: () => outboxGateway,
  twilio: () => twilioGateway(),
  smpp: () => smppGateway(),
};

export function openCodeGateways(): CodeGateways {
  const opened = new Map<GatewayName, CodeGateway>();
  for (const method of ['sms', 'voice'] as const) {
    const name = gatewayOf(method);
    if (name && !opened.has(name)) opened.set(name, OPEN[name]());
  }
  return {
    of(method) {
      const name = gatewayOf(method);
      const gateway = name && opened.get(name);
      if (!gateway) throw new GatewayRefusal(`no gateway for ${method}`);
      return gateway;
    },
    async close() {
      for (const gateway of opened.values()) await gateway.close?.();
    },
  };
}
