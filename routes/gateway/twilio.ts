import express, { type RequestHandler, Router } from 'express';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import { z } from 'zod';
import { config } from '../../config';
import { buildStatusUrl } from '../../jobs/verification-codes/gateways/status-address';
import { type DeliveryReport, recordDelivery } from '../../models/verification/delivery';
import { HttpError, createNotFoundError } from '../middleware/errors';

/** Where Twilio reports what became of a message or a call. No session, no CSRF token: each report is signed. */
export const twilioRouter = Router();

/** Of messages and of calls. What is not here is on its way, and says nothing new. */
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

const requireTwilioSignature: RequestHandler<{ id: string }> = (req, _res, next) => {
  const token = config.TWILIO_AUTH_TOKEN;
  const signature = req.get('x-twilio-signature') ?? '';
  const body = (req.body ?? {}) as Record<string, unknown>;
  const isSigned =
    token !== undefined && validateRequest(token, signature, buildStatusUrl(req.params.id), body);
  next(isSigned ? undefined : new HttpError(403, 'not signed by Twilio'));
};

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
