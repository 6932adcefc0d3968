import { formatCommandFailure } from '../../../bin/error-text';
import { ListenError } from '../../../bin/server/listen';
import { ConfigError } from '../../../config';
import { MissingFontError } from '../../../jobs/letters/letter-pdf';
import { NewerDatabaseError } from '../../../lib/database/db';
import { StoreUnavailableError } from '../../../lib/files/store';
import {
  CommandError,
  formatStartError,
  OperatorError,
  StartError,
} from '../../../lib/process/operator-error';
import { NoRedisServerError } from '../../../lib/redis/find-redis-server';
import { PrivateRedisError } from '../../../lib/redis/private-redis';
import { AccountError } from '../../../models/account/account';
import { BatchError } from '../../../models/call/undo-batch';
import { CopyError } from '../../../models/copy-database';
import { RatingError } from '../../../models/rating/plan-rerating';
import { UnknownTariffError } from '../../../models/rating/tariff';

// Words that an outage of Redis would have.
const MESSAGE = 'd1/READONLY.csv - the file is empty: LOADING it again changes nothing';

it.each([
  ...[OperatorError, CommandError, StartError, ConfigError, ListenError, NewerDatabaseError, CopyError],
  ...[StoreUnavailableError, PrivateRedisError, NoRedisServerError, MissingFontError],
  ...[AccountError, BatchError, RatingError, UnknownTariffError],
])('shows the message of a %p alone, without advice and without a stack', (Kind) => {
  const error = new Kind(MESSAGE, { cause: new Error('connect ECONNREFUSED') });
  expect(formatCommandFailure(error)).toBe(MESSAGE);
  expect(formatStartError(error)).toBe(MESSAGE);
});

it('shows where any other error happened, and advice to the operator of a command', () => {
  const error = new Error(MESSAGE);
  expect(formatStartError(error)).toContain('operator-error.test.ts');
  expect(formatCommandFailure(error)).toBe(
    'The database or Redis is away: see to it, and run it again (the file is empty: LOADING it again changes nothing)',
  );
});
