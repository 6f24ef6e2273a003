/** Simulated Freshservice accounts on Pro at their real pace; `node accounts.ts N KEY`. Run by the bench as one process. */
import { createSimulator } from '@fresh-scim/freshservice-sim';
import { announcePorts, bindToParent } from '@fresh-scim/runtime';

const [, , count = '1', apiKey = ''] = process.argv;
const ports: Record<string, number> = {};
for (let index = 0; index < Number(count); index += 1) {
  const account = createSimulator({ apiKey, plan: 'pro', latencyMs: 120, jitterMs: 40, samples: false });
  ports[String(index)] = (await account.listen()).port;
}
bindToParent();
announcePorts(ports);
