import { createViewRenderer } from '../lib/view-renderer';

type ViewEngine = (file: string, given: object, done: (error: unknown, html?: string) => void) => void;

/** Renders views for Express. */
export function createViewEngine(shared: Record<string, unknown>): ViewEngine {
  const render = createViewRenderer(shared);
  return (file, given, done) => {
    let html: string;
    try {
      html = render(file, given);
    } catch (error) {
      done(error);
      return;
    }
    done(null, html);
  };
}
