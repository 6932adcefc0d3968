import { readFileSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';
import { config } from '../config';

export type Locals = Record<string, unknown>;

/** Words of JavaScript that can name nothing. Most are not used in views, but could be. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
/** What EJS itself calls something. */
const EJS_NAMES = ['locals', 'escapeFn', 'rethrow'];

/**
 * Renders EJS for Express: each view is compiled once with all that it includes, into a function whose variables are
 * what the view is given. EJS by itself looks every name up in a `with`, and copies all that a view is given at each
 * include and looks for the file anew: four times the work. `shared` is given to all views.
 */
export function createViewEngine(shared: Locals) {
  // Nothing above it: what somebody may have put on Object.prototype never reaches a view.
  const root = Object.assign(Object.create(null) as Locals, shared);
  const views = new Map<string, View>();
  return (file: string, given: object, done: (error: unknown, html?: string) => void): void => {
    const view = views.get(file) ?? new View(file, root);
    views.set(file, view);
    try {
      done(null, view.render(given));
    } catch (error) {
      done(error);
    }
  };
}

/** A file of views/. */
class View {
  private readonly template: ejs.TemplateFunction;
  private readonly included = new Map<string, View>();

  constructor(
    private readonly file: string,
    private readonly shared: Locals,
  ) {
    const text = readFileSync(file, 'utf8');
    const options = {
      filename: file,
      strict: true,
      destructuredLocals: findNames(text),
      // They come from `render` below, without a prototype.
      unsafePrototypeLocals: true,
      escape,
      compileDebug: !config.isProduction,
    };
    // In a block of its own a view may declare a name that it could also be given.
    this.template = ejs.compile(`<% { -%>${text}<% } -%>`, options);
  }

  /** The views that it includes are given the same, and more. */
  render(given: object): string {
    // All with the one prototype: V8 knows its names then, and would not those of a prototype made for one page.
    const locals = Object.assign(Object.create(this.shared) as Locals, given);
    locals.include = (name: string, more?: object) => this.getInclude(name).render({ ...locals, ...more });
    return this.template(locals);
  }

  private getInclude(name: string): View {
    const view =
      this.included.get(name) ?? new View(path.resolve(path.dirname(this.file), `${name}.ejs`), this.shared);
    this.included.set(name, view);
    return view;
  }
}

const SPECIAL = /[&<>'"]/;

/** For HTML. That a view writes something undefined is a mistake of ours, which the tests shall see, and no customer. */
function escape(value?: unknown): string {
  if (value === undefined && !config.isProduction) throw new Error('The view writes something undefined');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && !SPECIAL.test(value) ? value : ejs.escapeXML(value);
}

/** All names that the code of a view might be given. One that it is not given is undefined. */
function findNames(text: string): string[] {
  const code = [...text.matchAll(/<%(?!#)([^]*?)%>/g)].map(([, inside]) => inside).join('\n');
  const words = [...code.matchAll(/(?<![.\w$])[a-z_$][\w$]*/gi)].map(([word]) => word);
  return [...new Set(words)].filter(isViewName);
}

const isViewName = (word: string): boolean =>
  !RESERVED.has(word) && !EJS_NAMES.includes(word) && !Object.hasOwn(globalThis, word);
