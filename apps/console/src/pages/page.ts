// The frame of every page: no script, one style sheet, usable by keyboard and screen reader.
import { html } from '../html.ts';
import type { Html } from '../html.ts';

export function page(options: {
  readonly title: string;
  readonly main: Html;
  readonly signedIn: boolean;
}): string {
  const { title, main, signedIn } = options;
  const navigation = html`<nav aria-label="Console">
        <a href="/">Connections</a>
        <a href="/queues/">Queues</a>
        <form method="post" action="/sign-out"><button type="submit" class="quiet">Sign out</button></form>
      </nav>`;
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} - fresh-scim</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/console.css">
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header>
      <span class="brand">fresh-scim</span>
      ${signedIn ? navigation : undefined}
    </header>
    <main id="main">
      <h1>${title}</h1>
      ${main}
    </main>
  </body>
</html>
`.text;
}

/** A page that says one thing: not found, or failed. */
export function messagePage(title: string, message: string, signedIn: boolean): string {
  return page({ title, main: html`<p>${message}</p>`, signedIn });
}
