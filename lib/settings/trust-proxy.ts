import { isIP } from 'node:net';
import { z } from 'zod';

const FORMS =
  'how many proxies stand before the portal, such as 1, or their addresses, such as 10.0.0.5,192.0.2.0/24 ' +
  '(not `true`: it would believe whatever address a client invents)';

/** Express's own words for address ranges. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

const MAX_PROXIES = 10;

/** A whole range of addresses trusts everybody. */
function isProxy(text: string): boolean {
  if (RANGES.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    bits === undefined ||
    (/^\d+$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

const isProxyCount = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= MAX_PROXIES;

const splitProxies = (text: string): string[] => text.split(',').map((item) => item.trim());

/** `TRUST_PROXY` in the forms of Express: a number of proxies or a list of their addresses. */
export const trustProxySetting = z
  .string()
  .refine((text) => isProxyCount(text) || splitProxies(text).every(isProxy), FORMS)
  .transform((text) => (isProxyCount(text) ? Number(text) : splitProxies(text)))
  .optional();
