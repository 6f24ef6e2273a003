// HTML by template: every value is escaped unless it is HTML already. The only way to put text on a page.

/** A piece of HTML that is safe to send. Made by {@link html} only. */
export class Html {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static join(strings: TemplateStringsArray, values: readonly Value[]): Html {
    return new Html(String.raw({ raw: strings }, ...values.map(toText)));
  }
}

type Value = string | number | Html | readonly Html[] | undefined;

/** Tag of a template. Strings and numbers are escaped, lists are joined, undefined is left out. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return Html.join(strings, values);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toText(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  }
  return value.map((part) => part.text).join('');
}
