import type { PortalUnderTest } from './portal-under-test';

/** A customer who goes from page to page, and may be asked to come back later, but never meets another error. */
export function startReading({ reader, month }: PortalUnderTest): { stop(): Promise<void> } {
  const pages = ['/selfpage/charges', `/selfpage/calls/${month}`, '/selfpage/contract'];
  const reading = { now: true };
  const readOn = async () => {
    while (reading.now) for (const page of pages) await reader.visit((visitor) => visitor.get(page));
  };
  const done = readOn();
  // Told by stop().
  done.catch(() => undefined);
  return {
    stop() {
      reading.now = false;
      return done;
    },
  };
}
