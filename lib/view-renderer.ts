import { readFileSync } from 'node:fs';
import path from 'node:path';
import ejs from 'ejs';
import { config } from '../config';

type Locals = Record<string, unknown>;

/** Renders a file with what it is given. */
export type RenderView = (file: string, given: object) => string;

/**
 * Renders EJS files. A view calls what it is given `it.month`, and what all views share by its own name: `yen(it.total)`.
 * Each file is compiled once and looks up its includes once; EJS by itself copies all locals twice and asks the disk
 * at each include.
 */
export function createViewRenderer(shared: Locals): RenderView {
  // No prototype, so a polluted Object.prototype cannot leak into views.
  const root = Object.assign(Object.create(null) as Locals, shared);
  const views = new Map<string, View>();
  return (file, given) => {
    const view = views.get(file) ?? new View(file, root);
    views.set(file, view);
    return view.render(given);
  };
}

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
      _with: false,
      localsName: 'it',
      // A view fetches only the names that its text mentions: some partials stand in each row of a table.
      destructuredLocals: [...Object.keys(shared), 'include'].filter((name) => text.includes(name)),
      // `render` makes locals whose prototypes are known.
      unsafePrototypeLocals: true,
      escape,
      compileDebug: !config.isProduction,
    };
    this.template = ejs.compile(joinIndentedLines(text), options);
  }

  /** An included view gets what its includer was given, and `more`. */
  render(given: object, more?: object): string {
    // Share one prototype so V8 can keep a single hidden class.
    const locals = Object.assign(Object.create(this.shared) as Locals, given, more);
    locals.include = (name: string, own?: object) => this.getInclude(name).render(locals, own);
    return this.template(locals);
  }

  private getInclude(name: string): View {
    const view =
      this.included.get(name) ?? new View(path.resolve(path.dirname(this.file), `${name}.ejs`), this.shared);
    this.included.set(name, view);
    return view;
  }
}

/**
 * Joins an indented line to the line above, and a closing tag to the indented line above it, so that a row can have
 * a line for each cell without sending the line breaks. Before the next EJS tag a comment makes up for them, which
 * keeps the line numbers of errors right.
 */
function joinIndentedLines(text: string): string {
  let isIndented = false;
  let dropped = '';
  return text.replace(/<%[^]*?%>|\n( *)(<\/)?/g, (match, indent?: string, closing?: string) => {
    if (indent === undefined) {
      const comment = dropped && `<%#${dropped}%>`;
      dropped = '';
      return comment + match;
    }
    const isJoined = indent !== '' || (isIndented && closing !== undefined);
    isIndented = indent !== '';
    if (!isJoined) return match;
    dropped += '\n';
    return closing ?? '';
  });
}

const SPECIAL = /[&<>'"]/;

/** Escapes for HTML. Writing something undefined is a mistake of ours, which tests must see and customers need not. */
function escape(value?: unknown): string {
  if (value === undefined && !config.isProduction) throw new Error('The view writes something undefined');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && !SPECIAL.test(value) ? value : ejs.escapeXML(value);
}
