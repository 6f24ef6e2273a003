// The processes of `up` as children of the supervisor. A port that a child chose by itself (0) is given to it again at
// each restart: Entra and Prometheus would not find it elsewhere.
import { spawnNode } from '@fresh-scim/runtime';
import type { Child } from '@fresh-scim/runtime';
import { PROGRAMS } from '../places.ts';
import type { UpConfig } from './config.ts';
import type { Logs } from './logs.ts';
import { claimPort } from './ports.ts';
import type { WhenBusy } from './ports.ts';

const WORKER_STOP_MS = 15_000;
const SERVER_STOP_MS = 5_000;

/** Ports as planned, then as announced. */
interface ChildPorts {
  http?: number;
  ops: number;
}

/** A process of ours to be kept running. */
export interface ProcessPlan {
  readonly name: string;
  readonly program: 'scim-api' | 'worker' | 'console';
  /** Environment variables that name the ports. */
  readonly variables: { readonly http?: string; readonly ops: string };
  /** Changed when the child announces what it got. */
  readonly ports: ChildPorts;
}

/** @param env what all children have in common */
export function toChild(plan: ProcessPlan, env: NodeJS.ProcessEnv, logs: Logs): Child {
  const { name, program, variables, ports } = plan;
  return {
    name,
    stopWithinMs: program === 'worker' ? WORKER_STOP_MS : SERVER_STOP_MS,
    spawn: () =>
      logs.withFile(name, (output) =>
        spawnNode({
          script: PROGRAMS[program],
          env: {
            ...env,
            [variables.ops]: String(ports.ops),
            ...(variables.http === undefined ? {} : { [variables.http]: String(ports.http) }),
          },
          output,
          onPorts: (announced) => Object.assign(ports, announced),
        }),
      ),
  };
}

/**
 * The processes in the order of their start; they are ended in reverse, so that no request is taken any more when the
 * workers stop.
 * @throws {CliError} port-busy
 */
export async function planProcesses(
  config: UpConfig,
  workers: number,
  whenBusy: WhenBusy,
): Promise<ProcessPlan[]> {
  const ops = config.OPS_HOST;
  const claim = (variable: string, host: string, port: number): Promise<number> =>
    claimPort({ variable, host, port }, whenBusy);
  const plans: ProcessPlan[] = [];
  for (let k = 1; k <= workers; k += 1) {
    const first = config.WORKER_OPS_PORT;
    plans.push({
      name: k === 1 ? 'worker' : `worker-${k}`,
      program: 'worker',
      variables: { ops: 'WORKER_OPS_PORT' },
      ports: { ops: await claim('WORKER_OPS_PORT', ops, first === 0 ? 0 : first + 10 * (k - 1)) },
    });
  }
  plans.push({
    name: 'console',
    program: 'console',
    variables: { http: 'CONSOLE_PORT', ops: 'CONSOLE_OPS_PORT' },
    ports: {
      http: await claim('CONSOLE_PORT', config.CONSOLE_HOST, config.CONSOLE_PORT),
      ops: await claim('CONSOLE_OPS_PORT', ops, config.CONSOLE_OPS_PORT),
    },
  });
  plans.push({
    name: 'scim-api',
    program: 'scim-api',
    variables: { http: 'SCIM_PORT', ops: 'SCIM_OPS_PORT' },
    ports: {
      http: await claim('SCIM_PORT', config.SCIM_HOST, config.SCIM_PORT),
      ops: await claim('SCIM_OPS_PORT', ops, config.SCIM_OPS_PORT),
    },
  });
  return plans;
}

/** Where it listens, once it is ready. */
export function httpPortOf(plans: readonly ProcessPlan[], name: string): number {
  return plans.find((plan) => plan.name === name)?.ports.http ?? 0;
}
