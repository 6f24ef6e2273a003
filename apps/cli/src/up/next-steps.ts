// What `up` says when everything runs: five lines, and the word that scripts wait for.
import { join } from 'node:path';
import { tenantUrlOf } from '../places.ts';
import type { Stack } from './stack.ts';

/** Five lines for a person, then `ready`. */
export function nextSteps(stack: Stack): string {
  const tenantUrl = tenantUrlOf(stack.publicUrl);
  const { simulator } = stack;
  const connect =
    simulator === undefined
      ? [
          '1. Connect Freshservice:  npm run -s fresh-scim -- connection add --name NAME --domain HOST --api-key-file FILE',
          `2. Paste what it prints (Tenant URL ${tenantUrl} and a Secret Token) into Entra: Provisioning > Admin Credentials`,
        ]
      : [
          `1. A simulated Freshservice account is connected as "simulator": ${simulator.url}`,
          `2. For a SCIM client:  Tenant URL ${tenantUrl}  Secret Token ${simulator.token}`,
        ];
  return [
    ...connect,
    '3. See what goes on:      npm run -s fresh-scim -- status --watch',
    `4. Console:               ${stack.consoleUrl}  (password in ${join(stack.dataDir, 'console-password')})`,
    `5. Everything is kept in ${stack.dataDir}, logs in ${stack.logDir}; Ctrl-C stops, the same command goes on.`,
    'ready',
  ].join('\n');
}

/** Where metrics and readiness are served, for operators. */
export function opsLine({ opsHost, opsPorts }: Stack): string {
  const ports = Object.entries(opsPorts).map(([name, port]) => `${name} ${port}`);
  return `Ports of /livez, /readyz and /metrics on ${opsHost}: ${ports.join(', ')}`;
}
