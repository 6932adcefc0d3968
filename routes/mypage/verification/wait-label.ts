const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 25秒, 約9分 or 約23時間 from milliseconds, rounded up: who waits so long will not be turned away again. */
export function formatWait(milliseconds: number): string {
  if (milliseconds <= MINUTE_MS) return `${Math.max(1, Math.ceil(milliseconds / 1000))}秒`;
  if (milliseconds <= HOUR_MS) return `約${Math.ceil(milliseconds / MINUTE_MS)}分`;
  return `約${Math.ceil(milliseconds / HOUR_MS)}時間`;
}
