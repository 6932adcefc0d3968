import { EventEmitter } from 'node:events';
import { requestTimeout } from '../../../routes/middleware/request-timeout';

describe('requestTimeout', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    ['GET', '/selfpage/charges', 4.5],
    ['GET', '/selfpage/detail-files/calls/201711', 4.5],
    ['GET', '/selfpage/detail-files/calls/201711/download', 22],
    ['GET', '/mypage/verification', 22],
    ['POST', '/selfpage/login', 22],
  ])('lets %s %s wait for %d seconds', (method, path, seconds) => {
    const next = jest.fn();
    const res = Object.assign(new EventEmitter(), { headersSent: false });
    void requestTimeout({ method, path } as never, res as never, next);
    jest.advanceTimersByTime(seconds * 1000 - 1);
    expect(next.mock.calls).toEqual([[]]);
    jest.advanceTimersByTime(1);
    expect(next).toHaveBeenLastCalledWith(expect.objectContaining({ status: 503 }));
  });
});
