import {
  type ContactMethod,
  type GatewayName,
  getGateway,
} from '../../../models/verification/contact-method';
import { type CodeGateway, GatewayRefusal } from './gateway';
import { outboxGateway } from './outbox';
import { createSmppGateway } from './smpp';
import { createTwilioGateway } from './twilio';

/** The opened gateways that the settings name. */
export interface CodeGateways {
  getGateway(method: ContactMethod): CodeGateway;
  close(): Promise<void>;
}

const GATEWAY_FACTORIES: Record<GatewayName, () => CodeGateway> = {
  outbox: () => outboxGateway,
  twilio: () => createTwilioGateway(),
  smpp: () => createSmppGateway(),
};

export function openCodeGateways(): CodeGateways {
  const opened = new Map<GatewayName, CodeGateway>();
  for (const method of ['sms', 'voice'] as const) {
    const name = getGateway(method);
    if (name && !opened.has(name)) opened.set(name, GATEWAY_FACTORIES[name]());
  }
  return {
    getGateway(method) {
      const name = getGateway(method);
      const gateway = name && opened.get(name);
      if (!gateway) throw new GatewayRefusal(`no gateway for ${method}`);
      return gateway;
    },
    async close() {
      for (const gateway of opened.values()) await gateway.close?.();
    },
  };
}
