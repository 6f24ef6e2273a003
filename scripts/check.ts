/**
 * Everything that must be true of this repository, in one command: `node scripts/check.ts [--long] [--only PART ...]`.
 * Runs every part even after one has failed, and ends with one line that counts: a test is one, a part that is no test
 * run is one.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readReport, type Tests } from './vitest-report.ts';

/** One part of the check. */
interface Part {
  readonly name: string;
  /** The command line; programs of the workspace by their names. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its tests are counted one by one. */
  readonly vitest?: true;
}

interface Result extends Tests {
  readonly name: string;
  readonly seconds: number;
}

/** Two at a time; none waits for another. */
const STATIC_PARTS: readonly Part[] = [
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['biome', 'format'] },
  { name: 'unused', command: ['knip'] },
];

/** One at a time: each uses all cores itself. */
const TEST_PARTS: readonly Part[] = [
  vitestProject('unit'),
  vitestProject('integration'),
  vitestProject('faults'),
  vitestProject('e2e'),
];

/** What takes too long for every day; run with --long, one at a time. Add a line for a wide sweep, chaos or fuzz. */
const LONG_PARTS: readonly Part[] = [
  { name: 'coverage', command: ['vitest', 'run', '--project', 'unit', '--coverage', '--silent'] },
  { name: 'image', command: ['node', 'scripts/image-steps.ts'] },
  long('fuzz', 'integration', 'test/integration/scim-api-fuzz.test.ts'),
  long('knobs', 'integration', 'test/integration/reconcile-knobs.test.ts'),
  long('fault sweep', 'faults'),
  long('chaos', 'e2e', 'test/e2e/chaos.test.ts'),
];

/** Of a part that hangs; the longest takes six minutes, and the rest of the check shall have its time too. */
const PART_TIMEOUT_MS = 45 * 60_000;
/** How long a test run may take to end after it has reported; then something that a test left behind holds it up. */
const END_TIMEOUT_MS = 180_000;
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const ROOT = join(import.meta.dirname, '..');

function vitestProject(name: string): Part {
  return { name, command: ['vitest', 'run', '--project', name, '--passWithNoTests'], vitest: true };
}

/** Tests that do more, or run at all, when there is time. */
function long(name: string, project: string, ...files: string[]): Part {
  const part = vitestProject(project);
  return { ...part, name, command: [...part.command, ...files], env: { FRESH_SCIM_LONG: '1' } };
}

/** @returns the exit code: 0, 1 when something failed, 2 when there is no such part */
async function main(isLong: boolean, only: readonly string[]): Promise<number> {
  const known = [...STATIC_PARTS, ...TEST_PARTS, ...LONG_PARTS].map(({ name }) => name);
  const unknown = only.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    print(`There is no part "${unknown}". Use one of: ${known.join(', ')}.\n`);
    return 2;
  }
  const isChosen = ({ name }: Part): boolean => only.length === 0 || only.includes(name);
  const startedAt = performance.now();
  const results = await runSideBySide(STATIC_PARTS.filter(isChosen), 2);
  const oneByOne = [...TEST_PARTS, ...(isLong || only.length > 0 ? LONG_PARTS : [])];
  for (const part of oneByOne.filter(isChosen)) results.push(await runPart(part, 'live'));

  // Again at the end, where whoever sees only the last lines finds them.
  for (const { name, failures } of results) for (const failure of failures) print(`\n${name}: ${failure}`);
  print(`\n${'part'.padEnd(24)} seconds  passed  failed\n`);
  for (const { name, seconds, passed, failed } of results) {
    print(
      `${name.padEnd(24)} ${seconds.toFixed(1).padStart(7)} ${String(passed).padStart(7)} ${String(failed).padStart(7)}\n`,
    );
  }
  print(`${'all'.padEnd(24)} ${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)}\n`);
  const sum = (pick: (result: Result) => number): number =>
    results.reduce((total, one) => total + pick(one), 0);
  const failed = sum((result) => result.failed);
  print(`${sum((result) => result.passed)} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function runSideBySide(parts: readonly Part[], lanes: number): Promise<Result[]> {
  const waiting = [...parts];
  const results = new Map<Part, Result>();
  const lane = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      results.set(part, await runPart(part, 'when it fails'));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return parts.flatMap((part) => results.get(part) ?? []);
}

/** Runs one part; its output is shown as it comes, or only if it fails. */
async function runPart(part: Part, output: 'live' | 'when it fails'): Promise<Result> {
  const { name, vitest } = part;
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'fresh-scim-check-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = vitest ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
    const { ok, text } = await run([...part.command, ...reporters], part.env ?? {}, output, report);
    const { passed, failed, failures } = vitest ? await readReport(report, ROOT) : noTests(ok);
    const seconds = (performance.now() - startedAt) / 1_000;
    print(`${text}${ok ? 'ok  ' : 'FAIL'} ${name} ${seconds.toFixed(1)} s\n`);
    // A part that failed without a failed test (a file that does not load, a leak, a crash) is one failure.
    return { name, seconds, passed, failed: ok ? failed : Math.max(failed, 1), failures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  output: 'live' | 'when it fails',
  report: string,
): Promise<{ ok: boolean; text: string }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      ...env,
      PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: output === 'live' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what hangs is ended with everything it has started.
    detached: true,
  });
  const end = (): void => endGroup(child.pid);
  const late = setTimeout(end, PART_TIMEOUT_MS);
  let reportedAt: number | undefined;
  const hanging = setInterval(() => {
    if (existsSync(report)) reportedAt ??= performance.now();
    if (reportedAt === undefined || performance.now() - reportedAt < END_TIMEOUT_MS) return;
    print('It has reported and does not end: something that a test started still runs.\n');
    end();
  }, 1_000);
  const interrupt = (): void => {
    end();
    process.exit(1);
  };
  for (const signal of ENDING) process.once(signal, interrupt);
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise<{ ok: boolean; text: string }>((resolve) => {
    child.once('error', (error) => resolve({ ok: false, text: `${error.message}\n` }));
    child.once('close', (code) => resolve(code === 0 ? { ok: true, text: '' } : { ok: false, text }));
  }).finally(() => {
    clearTimeout(late);
    clearInterval(hanging);
    for (const signal of ENDING) process.off(signal, interrupt);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const noTests = (ok: boolean): Tests => ({
  passed: ok ? 1 : 0,
  failed: 0,
  failures: [],
});

function print(text: string): void {
  process.stdout.write(text);
}

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  },
});
process.exitCode = await main(values.long, values.only);
