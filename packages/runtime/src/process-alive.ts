/** Whether a process id belongs to a running process. */
import { readFileSync } from 'node:fs';

/** True for a process that runs or is stopped; false for none and, on Linux, for a dead one that nobody has reaped. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    // "pid (command) state ...": the command may hold anything, a closing bracket included.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = fields.charAt(fields.lastIndexOf(')') + 2);
    return state !== 'Z' && state !== 'X';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    return true;
  }
}
