import type { Request } from 'express';
import { parseAddress, toClientKey } from '../lib/values/client-address';

/**
 * The checked address of a request's client; empty if there is none. A proxy that is trusted may pass on anything: what is
 * no address counts as the proxy itself.
 */
export const getClientAddress = (req: Request): string =>
  parseAddress(req.ip ?? '') ?? parseAddress(req.socket.remoteAddress ?? '') ?? '';

/** The key by which all limits count the attempts of a client. */
export const getClientKey = (req: Request): string => toClientKey(getClientAddress(req)) ?? 'unknown';
