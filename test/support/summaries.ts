import { checkSummaries } from '../../models/call/call-sums';

/** For afterEach: whatever a test does, the sums are those of the calls. */
export async function expectSummariesToAgree(): Promise<void> {
  expect(await checkSummaries()).toEqual([]);
}
