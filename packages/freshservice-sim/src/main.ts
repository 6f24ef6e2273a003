// The executable: one simulated account on one port. Prints one JSON line when it listens. Ends on SIGTERM or SIGINT,
// and, when a parent started it with an IPC channel, within five seconds of losing that parent.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createSimulator, type SimulatorOptions } from './simulator.ts';

const EXIT_MAX_MS = 4000;
const USAGE = `node src/main.ts [--port N] [--host H] [--domain HOST] [--api-key-file F | --api-key K] [--plan P]
  [--minute-ms N] [--latency-ms N] [--jitter-ms N] [--seed N] [--state-file F] [--log-max N] [--no-samples]
  [--people N] [--set KNOB=VALUE ...]`;

const wholeNumber = z.string().regex(/^\d+$/, 'should be a whole number').transform(Number);

const argumentsSchema = z.strictObject({
  port: wholeNumber.default(0),
  host: z.string().default('127.0.0.1'),
  domain: z.string().optional(),
  'api-key': z.string().optional(),
  'api-key-file': z.string().optional(),
  plan: z.string().optional(),
  'minute-ms': wholeNumber.optional(),
  'latency-ms': wholeNumber.optional(),
  'jitter-ms': wholeNumber.optional(),
  seed: wholeNumber.optional(),
  'state-file': z.string().optional(),
  'log-max': wholeNumber.optional(),
  'no-samples': z.boolean().default(false),
  people: wholeNumber.optional(),
  set: z.array(z.string().regex(/^\w+=/, 'should be KNOB=VALUE')).default([]),
  help: z.boolean().default(false),
});

type Arguments = z.infer<typeof argumentsSchema>;

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      domain: { type: 'string' },
      'api-key': { type: 'string' },
      'api-key-file': { type: 'string' },
      plan: { type: 'string' },
      'minute-ms': { type: 'string' },
      'latency-ms': { type: 'string' },
      'jitter-ms': { type: 'string' },
      seed: { type: 'string' },
      'state-file': { type: 'string' },
      'log-max': { type: 'string' },
      'no-samples': { type: 'boolean' },
      people: { type: 'string' },
      set: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  return argumentsSchema.parse(values);
}

/** The key from the file, the argument, or `FRESHSERVICE_SIM_API_KEY`; else a new one, which is then printed. */
function readKey(given: Arguments): { apiKey: string; isNew: boolean } {
  const file = given['api-key-file'];
  if (file !== undefined) return { apiKey: readFileSync(file, 'utf8').trim(), isNew: false };
  const apiKey = given['api-key'] ?? process.env['FRESHSERVICE_SIM_API_KEY'];
  return apiKey === undefined
    ? { apiKey: randomBytes(15).toString('base64url'), isNew: true }
    : { apiKey, isNew: false };
}

/** Only what was given, so that the rest keeps its default. Values of `--set` are JSON, or else text. */
function toOptions(given: Arguments, apiKey: string): SimulatorOptions {
  const knobs = Object.fromEntries(
    given.set.map((setting) => {
      const at = setting.indexOf('=');
      return [setting.slice(0, at), readSetting(setting.slice(at + 1))];
    }),
  );
  const named = {
    domain: given.domain,
    plan: given.plan,
    windowMs: given['minute-ms'],
    latencyMs: given['latency-ms'],
    jitterMs: given['jitter-ms'],
    seed: given.seed,
    stateFile: given['state-file'],
    logMax: given['log-max'],
  };
  const defined = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  // Whether the values are right is checked by createSimulator.
  return { ...knobs, ...defined, apiKey, samples: !given['no-samples'] };
}

function readSetting(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

async function main(): Promise<void> {
  const given = readArguments();
  if (given.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const { apiKey, isNew } = readKey(given);
  const simulator = createSimulator(toOptions(given, apiKey));
  const missing = (given.people ?? 0) - simulator.state.users.size('requesters');
  if (missing > 0) simulator.state.seed({ count: missing, seed: given.seed ?? 1 });
  const stop = (): void => {
    setTimeout(() => process.exit(0), EXIT_MAX_MS).unref();
    simulator.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.connected) process.once('disconnect', stop);
  const { url } = await simulator.listen({ host: given.host, port: given.port });
  process.stdout.write(`${JSON.stringify({ url, ...(isNew ? { apiKey } : {}) })}\n`);
}

function fail(error: unknown): never {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
  process.stderr.write(`${reason}\n${USAGE}\n`);
  process.exit(2);
}

main().catch(fail);
