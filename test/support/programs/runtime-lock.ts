/** Takes the lock of a folder and keeps it until it is killed; says on stdout whether it got it. */
import { lockDataDir } from '@fresh-scim/runtime';

let kind = 'locked';
try {
  lockDataDir(process.argv[2] ?? '');
} catch {
  kind = 'refused';
}
process.stdout.write(`${JSON.stringify({ kind })}\n`);
setInterval(() => undefined, 60_000);
