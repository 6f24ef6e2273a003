import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectRedis, supervise } from '@fresh-scim/runtime';
import type { Child, SupervisorEvent } from '@fresh-scim/runtime';
import { until } from '../support/poll.ts';
import { isRunning, startScript } from '../support/runtime-process.ts';
import type { ScriptProcess } from '../support/runtime-process.ts';
import { temporaryFolder } from '../support/temp-dir.ts';

/** Starts a supervisor and sees to it that nothing of it outlives the test. */
function startSupervisor(dataDir: string): ScriptProcess {
  const supervisor = startScript('runtime-supervisor', dataDir);
  onTestFinished(async () => {
    if (isRunning(supervisor.pid)) await supervisor.kill('SIGTERM');
    for (const { pid } of supervisor.lines) {
      if (typeof pid === 'number' && isRunning(pid)) process.kill(pid, 'SIGKILL');
    }
  });
  return supervisor;
}

async function pidOf(supervisor: ScriptProcess, child: string, from = 0): Promise<number> {
  return Number((await supervisor.line({ kind: 'ready', child }, from))['pid']);
}

describe('a supervisor', () => {
  it('ends its children in order on a signal, the last one first, and exits 0', async () => {
    await using folder = await temporaryFolder();
    const supervisor = startSupervisor(folder.path);
    await supervisor.line({ kind: 'all ready' });
    const pids = [await pidOf(supervisor, 'redis'), await pidOf(supervisor, 'child')];
    process.kill(supervisor.pid, 'SIGINT'); // npm, the shell and the terminal may each deliver one.
    expect(await supervisor.kill('SIGINT')).toBe(0);
    expect(pids.map(isRunning)).toEqual([false, false]);
    const stopped = supervisor.lines.filter(({ kind }) => kind === 'stopped').map(({ child }) => child);
    expect(stopped).toEqual(['child', 'redis']);
  });

  it('restarts what is killed, Redis at the same address with its data', async () => {
    await using folder = await temporaryFolder();
    const supervisor = startSupervisor(folder.path);
    await supervisor.line({ kind: 'all ready' });
    const redis = connectRedis(String((await supervisor.line({ kind: 'redis' }))['url']), 'commands');
    onTestFinished(() => redis.disconnect());
    await redis.set('kept', 'yes');

    const before = supervisor.lines.length;
    const killed = [await pidOf(supervisor, 'redis'), await pidOf(supervisor, 'child')];
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    const restarted = [await pidOf(supervisor, 'redis', before), await pidOf(supervisor, 'child', before)];
    expect(restarted.filter((pid) => killed.includes(pid))).toEqual([]);
    expect(await until('the connection to come back', () => redis.get('kept').catch(() => undefined))).toBe(
      'yes',
    );
  });

  it('killed alone: its children end within seconds, Redis runs on and is taken over by the next one', async () => {
    await using folder = await temporaryFolder();
    const first = startSupervisor(folder.path);
    await first.line({ kind: 'all ready' });
    const [redis, child] = [await pidOf(first, 'redis'), await pidOf(first, 'child')];
    await first.kill('SIGKILL');
    const second = startSupervisor(folder.path);
    expect(await second.line({ kind: 'redis' })).toMatchObject({ pid: redis, takenOver: true });
    await until('the child to end', () => !isRunning(child));

    // The one that was taken over is watched and restarted like a child.
    await second.line({ kind: 'all ready' });
    const before = second.lines.length;
    process.kill(redis, 'SIGKILL');
    expect(await pidOf(second, 'redis', before)).not.toBe(redis);
  });

  it('killed with everything: the next one starts afresh', async () => {
    await using folder = await temporaryFolder();
    const first = startSupervisor(folder.path);
    await first.line({ kind: 'all ready' });
    const pids = [await pidOf(first, 'redis'), await pidOf(first, 'child')];
    const gone = first.kill('SIGKILL');
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await gone;
    const second = startSupervisor(folder.path);
    expect(await second.line({ kind: 'redis' })).toMatchObject({ takenOver: false });
    await second.line({ kind: 'all ready' });
  });

  it('waits longer before each restart of a child that does not stay', async () => {
    const events: SupervisorEvent[] = [];
    let spawned = 0;
    const brief: Child = {
      name: 'brief',
      spawn: () => {
        spawned += 1;
        if (spawned === 2) throw new Error('no memory');
        return {
          pid: spawned,
          exited: Promise.resolve('exit code 1'),
          ready: async () => false,
          stop: async () => undefined,
        };
      },
    };
    const supervisor = supervise([brief], { pauseMs: 5, onEvent: (event) => events.push(event) });
    await until('four lives', () => spawned >= 4);
    await supervisor.stop();
    expect(await supervisor.ready).toBe(false);
    const pauses = events.flatMap((event) =>
      'restartInMs' in event ? [[event.kind, event.restartInMs]] : [],
    );
    expect(pauses.slice(0, 3)).toEqual([
      ['exited', 5],
      ['failed', 10],
      ['exited', 20],
    ]);
    expect(supervisor.pids().size).toBe(0);
  });

  it('refuses a folder that another one holds', async () => {
    await using folder = await temporaryFolder();
    const first = startSupervisor(join(folder.path, 'x'));
    await first.line({ kind: 'redis' });
    const second = startScript('runtime-lock', join(folder.path, 'x'));
    await second.line({ kind: 'refused' });
  });
});
