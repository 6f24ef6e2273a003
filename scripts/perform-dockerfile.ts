/**
 * A Dockerfile without a container engine: COPY, WORKDIR and RUN of every stage, each in a folder that stands for its
 * root, with the Node and the npx of this machine. Not performed: base images, users and owners. RUN is not confined,
 * so it may name no absolute path.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob, posix } from 'node:path';

interface Instruction {
  readonly name: string;
  /** Everything behind the name, continued lines joined. */
  readonly text: string;
}

interface Stage {
  readonly name: string;
  /** An earlier stage, or an image. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** A stage that was performed. */
export interface Built {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: string;
}

const ROOT = join(import.meta.dirname, '..');
const RUN_TIMEOUT_MS = 5 * 60_000;
/** Says something about the image, and changes nothing in its files. */
const WITHOUT_FILES = new Set(['LABEL', 'EXPOSE', 'USER', 'HEALTHCHECK', 'CMD']);

/**
 * Performs all stages and answers with the last one, the image. Remove its `root` at the end.
 * @param say is told of every step
 * @throws when a step fails, whose folder is left to be looked at, or is of a kind that is not known here
 */
export function performDockerfile(say: (line: string) => void): Built {
  const files = contextFiles();
  const built = new Map<string, Built>();
  try {
    const stages = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
    for (const stage of stages) built.set(stage.name, perform(stage, built, files, say));
    const image = [...built.entries()].at(-1);
    if (image === undefined) throw new Error('the Dockerfile has no stage');
    built.delete(image[0]);
    return image[1];
  } finally {
    for (const { root } of built.values()) rmSync(root, { recursive: true, force: true });
  }
}

function parseDockerfile(text: string): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  const joined = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  for (const line of joined.split('\n').filter((line) => line.trim() !== '')) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [base = '', , alias] = rest.split(/\s+/);
      stages.push({ name: alias ?? `stage ${stages.length}`, base, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

/** Whether .dockerignore keeps a file out: the last line that matches it, or a folder above it, decides. */
function isIgnored(path: string, patterns: readonly string[]): boolean {
  const above = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  const decides = patterns.findLast((pattern) =>
    above.some((one) => matchesGlob(one, pattern.replace(/^!/, ''))),
  );
  return decides !== undefined && !decides.startsWith('!');
}

/** The files that a build may copy. */
function contextFiles(): string[] {
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const found = globSync('**/*', { cwd: ROOT, exclude: ['**/node_modules', '.git'] });
  return found
    .filter((path) => lstatSync(join(ROOT, path)).isFile() && !isIgnored(path, patterns))
    .toSorted();
}

function perform(
  stage: Stage,
  earlier: ReadonlyMap<string, Built>,
  files: readonly string[],
  say: (line: string) => void,
): Built {
  const base = earlier.get(stage.base);
  let built: Built = {
    root: mkdtempSync(join(tmpdir(), 'fresh-scim-image-')),
    workdir: base?.workdir ?? '/',
    env: base?.env ?? {},
    entrypoint: base?.entrypoint ?? '',
  };
  if (base !== undefined) cpSync(base.root, built.root, { recursive: true, verbatimSymlinks: true });
  for (const instruction of stage.instructions) {
    say(`${stage.name}: ${instruction.name} ${instruction.text.slice(0, 90)}`);
    built = performOne(instruction, built, earlier, files);
  }
  return built;
}

function performOne(
  { name, text }: Instruction,
  built: Built,
  earlier: ReadonlyMap<string, Built>,
  files: readonly string[],
): Built {
  if (WITHOUT_FILES.has(name)) return built;
  switch (name) {
    case 'WORKDIR': {
      const workdir = posix.resolve(built.workdir, text);
      mkdirSync(join(built.root, workdir), { recursive: true });
      return { ...built, workdir };
    }
    case 'ENV': {
      const pairs = text.split(/\s+/).map((pair) => pair.split('=', 2));
      return { ...built, env: { ...built.env, ...(Object.fromEntries(pairs) as Record<string, string>) } };
    }
    case 'ENTRYPOINT':
      return { ...built, entrypoint: (JSON.parse(text) as string[]).join(' ') };
    case 'COPY':
      copy(text, built, earlier, files);
      return built;
    case 'RUN':
      runShell(text, built);
      return built;
    default:
      throw new Error(`${name} is not known here`);
  }
}

/** As Docker does: a folder's content is copied, a file goes below a target that ends in `/` or has several sources. */
function copy(
  text: string,
  built: Built,
  earlier: ReadonlyMap<string, Built>,
  files: readonly string[],
): void {
  const words = text.split(/\s+/);
  const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  const target = words.at(-1) ?? '';
  const from = /--from=(\S+)/.exec(text)?.[1];
  const to = join(built.root, posix.resolve(built.workdir, target));
  for (const source of sources) {
    if (from !== undefined) {
      const stage = earlier.get(from);
      if (stage === undefined) throw new Error(`COPY: there is no stage ${from}`);
      cpSync(join(stage.root, source), to, { recursive: true, verbatimSymlinks: true });
      continue;
    }
    const below = files.filter((path) => path === source || path.startsWith(`${source}/`));
    if (below.length === 0) throw new Error(`COPY: the build context has no ${source}`);
    for (const path of below) {
      const inside =
        path === source ? (target.endsWith('/') ? posix.basename(path) : '') : posix.relative(source, path);
      mkdirSync(dirname(join(to, inside)), { recursive: true });
      cpSync(join(ROOT, path), join(to, inside));
    }
  }
}

function runShell(command: string, built: Built): void {
  const { status, error } = spawnSync('sh', ['-c', command], {
    cwd: join(built.root, built.workdir),
    env: environmentOf(built),
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: RUN_TIMEOUT_MS,
  });
  if (status !== 0) throw new Error(`RUN ended with ${status ?? error?.message ?? 'a signal'}: ${command}`);
}

/** What the image sets, on top of what this machine needs to reach its registry. Nothing of fresh-scim from outside. */
export function environmentOf({ env }: Built): NodeJS.ProcessEnv {
  const own = /^(REDIS_URL|PUBLIC_URL|LOG_LEVEL|(FRESH_SCIM|SCIM|WORKER|CONSOLE)_.*)$/;
  const outer = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return { ...outer, ...env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
}
