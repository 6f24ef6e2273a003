/** A process whose shutdown never finishes by itself; its argument is the deadline in milliseconds. */
import { onShutdown } from '@fresh-scim/runtime';

const never = new Promise(() => undefined);
onShutdown([{ name: 'never', run: () => never }], { deadlineMs: Number(process.argv[2]) });
process.stdout.write(`${JSON.stringify({ kind: 'running' })}\n`);
setInterval(() => undefined, 60_000);
