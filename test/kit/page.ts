import * as cheerio from 'cheerio';

/** A page as a customer reads it: its words, its links, and the forms that it really has. */
export class Page {
  readonly $: cheerio.CheerioAPI;

  constructor(
    private readonly address: string,
    html: string,
  ) {
    // A line break parts two words, as on the screen.
    this.$ = cheerio.load(html.replaceAll('<br>', '<br> '));
  }

  get heading(): string {
    return this.$('h1').text();
  }

  /** The words of the page's main part, white space folded. */
  get main(): string {
    return foldSpace(this.$('main').text());
  }

  /** The cells of the page's table, row by row, without its head. */
  get rows(): string[][] {
    return this.$('table tbody tr')
      .toArray()
      .map((row) =>
        this.$(row)
          .children()
          .toArray()
          .map((cell) => foldSpace(this.$(cell).text())),
      );
  }

  /** Returns the address of the link with these words or this aria-label. */
  findLink(link: string): string {
    const anchor = this.$('a').filter(
      (_, element) => this.$(element).text().trim() === link || this.$(element).attr('aria-label') === link,
    );
    const href = anchor.attr('href');
    if (href === undefined) throw new Error(`${this.address} has no link “${link}”`);
    return href;
  }

  /** Returns the action and the fields of the form with this button; `pressed` is the button's own field. */
  findForm(button: string): {
    action: string;
    fields: Record<string, string>;
    pressed: Record<string, string>;
  } {
    const input = this.$('input[type=submit]').filter(
      (_, element) => this.$(element).attr('value') === button,
    );
    if (input.length !== 1) throw new Error(`${this.address} has ${input.length} buttons “${button}”`);
    const form = input.closest('form');
    const name = input.attr('name');
    return {
      action: form.attr('action') ?? this.address,
      fields: Object.fromEntries(form.serializeArray().map((field) => [field.name, field.value])),
      pressed: name ? { [name]: input.attr('value') ?? '' } : {},
    };
  }

  /** The hidden fields of all forms: several may carry the same. */
  get hiddenFields(): Record<string, string> {
    const fields = this.$('input[type=hidden]').serializeArray();
    return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  }
}

const foldSpace = (text: string): string => text.replace(/\s+/g, ' ').trim();
