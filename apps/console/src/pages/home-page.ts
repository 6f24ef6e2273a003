// The first page after the sign-in: every connection, what state it is in, and how full its two queues are.
import type { Connection } from '@fresh-scim/connections';
import type { LaneCounts } from '@fresh-scim/queue';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { page } from './page.ts';

export interface HomeRow {
  readonly connection: Connection;
  readonly counts: Readonly<Record<'urgent' | 'normal', LaneCounts>>;
}

/** `hidden`: how many connections there are beyond those of `rows`. */
export function homePage(rows: readonly HomeRow[], hidden: number): string {
  const more =
    hidden === 0
      ? undefined
      : html`<p>${hidden} more connections are not shown; see <code>fresh-scim status</code>.</p>`;
  const main = rows.length === 0 ? emptyNote : html`${rows.map(connectionCard)}${more}`;
  return page({ title: 'Connections', main, signedIn: true });
}

const emptyNote = html`<p>There is no connection yet. Add one with:</p>
      <pre><code>fresh-scim connection add --name NAME --domain HOST --api-key-file FILE</code></pre>`;

function connectionCard({ connection, counts }: HomeRow): Html {
  const state = stateOf(connection);
  return html`<section class="card" aria-labelledby="${connection.id}">
        <h2 id="${connection.id}">${connection.name} <span class="state ${state}">${state}</span></h2>
        <p class="hint">${connection.domain}</p>
        ${connection.stopped === undefined ? undefined : html`<p class="alert">${connection.stopped.reason}</p>`}
        <table>
          <caption>Jobs in its queues</caption>
          <thead>
            <tr><th scope="col">Queue</th><th scope="col">Waiting</th><th scope="col">Active</th>
              <th scope="col">Delayed</th><th scope="col">Failed</th></tr>
          </thead>
          <tbody>
            ${laneRow(connection, 'urgent', counts.urgent)}
            ${laneRow(connection, 'normal', counts.normal)}
          </tbody>
        </table>
      </section>`;
}

function laneRow(connection: Connection, lane: 'urgent' | 'normal', counts: LaneCounts): Html {
  return html`<tr><th scope="row"><a href="/queues/queue/${connection.id}-${lane}">${lane}</a></th>
              <td>${counts.waiting}</td><td>${counts.active}</td><td>${counts.delayed}</td><td>${counts.failed}</td></tr>`;
}

function stateOf(connection: Connection): 'stopped' | 'paused' | 'observing' | 'running' {
  if (connection.stopped !== undefined) return 'stopped';
  if (connection.paused) return 'paused';
  return connection.settings.mode === 'observe' ? 'observing' : 'running';
}
