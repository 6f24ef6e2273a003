/**
 * Takes the lock of a folder and keeps it until it is killed; says on stdout whether it got it. It forgets what it was
 * given and has the garbage collected, as a long life does sooner or later: the lock must not go with it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lockDataDir } from '@fresh-scim/runtime';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let kind = 'locked';
try {
  lockDataDir(process.argv[2] ?? '');
} catch {
  kind = 'refused';
}
collectGarbage();
await delay(0); // What was collected is finalized in a turn of its own.
process.stdout.write(`${JSON.stringify({ kind })}\n`);
setInterval(() => undefined, 60_000);
