// The page that asks for the password. It says nothing about what is behind it.
import { html } from '../html.ts';
import { page } from './page.ts';

/** `problem`: why the last try was refused. */
export function signInPage(problem?: string): string {
  const alert =
    problem === undefined ? undefined : html`<p class="alert" role="alert" id="problem">${problem}</p>`;
  const main = html`<form method="post" action="/sign-in" class="card">
        ${alert}
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required autofocus
          aria-describedby="hint${problem === undefined ? '' : ' problem'}">
        <p id="hint" class="hint">It was generated at the first start and is in the file
          <code>console-password</code> of the data folder.</p>
        <button type="submit">Sign in</button>
      </form>`;
  return page({ title: 'Sign in', main, signedIn: false });
}
