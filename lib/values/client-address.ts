import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address with a port, as some proxies write it: 192.0.2.1:5000 or [2001:db8::1]:5000. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\])(?::\d{1,5})?$/;

/** The /64 of a client key, as it is printed. */
const NETWORK = /^([\da-f:]+)\/64$/i;

/**
 * The one spelling of an IP address: without port or zone, and IPv4 as such where a server that listens on IPv6 sees it
 * as ::ffff:192.0.2.1. Undefined for anything else, which must be neither stored nor printed.
 */
export function parseAddress(text: string): string | undefined {
  const [, ipv4, ipv6] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (ipv4 ?? ipv6 ?? text).split('%');
  return isIP(address) ? ipaddr.process(address).toString() : undefined;
}

/**
 * The key by which attempts of a client are counted: an IPv4 address as it is, an IPv6 address by its /64, which is what
 * one customer has. Undefined if the text is neither an address nor a key.
 */
export function toClientKey(text: string): string | undefined {
  const address = parseAddress(NETWORK.exec(text)?.[1] ?? text);
  if (address === undefined) return undefined;
  const parsed = ipaddr.parse(address);
  if (!('parts' in parsed)) return address;
  return `${new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
