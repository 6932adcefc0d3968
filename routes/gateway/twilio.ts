import express, { type Request, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { config } from '../../config';
import { buildStatusUrl } from '../../jobs/verification-codes/gateways/status-address';
import { type DeliveryReport, recordDelivery } from '../../models/verification/delivery';
import { HttpError, createNotFoundError } from '../middleware/errors';

/** Receives Twilio's reports on messages and calls. They need no session and no CSRF token: each is signed. */
export const twilioRouter = Router();

/** The final states of messages and calls, by Twilio's words; any other report says that it is still on its way. */
const DELIVERY_STATES: Record<string, DeliveryReport['state']> = {
  sent: 'sent',
  delivered: 'delivered',
  completed: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  busy: 'failed',
  'no-answer': 'failed',
  canceled: 'failed',
};

const reportSchema = z.object({
  MessageStatus: z.string().optional(),
  CallStatus: z.string().optional(),
  ErrorCode: z.string().max(10).optional(),
});

const requireTwilioSignature: RequestHandler<{ id: string }> = async (req, _res, next) => {
  const token = config.TWILIO_AUTH_TOKEN;
  if (token === undefined || !(await isSigned(req, token))) throw new HttpError(403, 'not signed by Twilio');
  next();
};

async function isSigned(req: Request<{ id: string }>, token: string): Promise<boolean> {
  // Loaded with the first report: most portals never receive one.
  const { validateRequest } = await import('twilio/lib/webhooks/webhooks.js');
  const signature = req.get('x-twilio-signature') ?? '';
  const body = (req.body ?? {}) as Record<string, unknown>;
  return validateRequest(token, signature, buildStatusUrl(req.params.id), body);
}

twilioRouter.post(
  '/codes/:id',
  express.urlencoded({ extended: false, limit: '10kb' }),
  requireTwilioSignature,
  async (req, res) => {
    const { MessageStatus, CallStatus, ErrorCode } = reportSchema.parse(req.body);
    const status = MessageStatus ?? CallStatus ?? '';
    const state = DELIVERY_STATES[status];
    const failure = state === 'failed' ? `Twilio ${ErrorCode ?? status}` : undefined;
    const id = Number(req.params.id);
    if (state && !(await recordDelivery({ id }, { state, failure }))) throw createNotFoundError();
    res.status(204).end();
  },
);
