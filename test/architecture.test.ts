/**
 * Who may import whom. The table of docs/architecture.md is compared with every package.json, every tsconfig.json and
 * every import; rules that hold whatever the table says follow. Each rule has a case that shows it biting.
 */
import { describe, expect, test } from 'vitest';
import { codesOf, rowsOf, sectionOf } from './support/markdown.ts';
import {
  type Import,
  importsOf,
  isTestFile,
  loadPackages,
  loadSources,
  readText,
  resolveFrom,
  type SourceFile,
  toSource,
  workspaceName,
  type WorkspacePackage,
} from './support/sources.ts';

const packages = loadPackages();
const allowed = readEdges(readText('docs/architecture.md'));
const others = loadSources('{test,bench,scripts}/**/*.ts');
const files = [...packages.flatMap((found) => found.files), ...others];

/** Package -> packages it may import, from the table. */
function readEdges(markdown: string): Map<string, string[]> {
  const rows = rowsOf(sectionOf(markdown, 'Allowed edges'));
  return new Map(rows.map(([from = '', to = '']) => [codesOf(from)[0] ?? from, codesOf(to).sort()]));
}

/** Imports of workspace packages that the table does not allow. */
function strayImports({ name, files: own }: Pick<WorkspacePackage, 'name' | 'files'>): string[] {
  const may = allowed.get(name) ?? [];
  return told(own, (file) =>
    file.imports.flatMap(({ specifier }) => {
      const target = workspaceName(specifier);
      return target === undefined || may.includes(target) ? [] : [specifier];
    }),
  );
}

/** Every package that a package can reach by the table, itself included. */
function reachOf(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name);
    for (const next of allowed.get(name) ?? []) reachOf(next, seen);
  }
  return seen;
}

/** `path: what` for each thing found in each file. */
const told = (sources: readonly SourceFile[], find: (file: SourceFile) => readonly string[]): string[] =>
  sources.flatMap((file) => find(file).map((what) => `${file.path}: ${what}`));

const specifiers = (file: SourceFile): string[] => file.imports.map(({ specifier }) => specifier);

const isDeep = (specifier: string): boolean => /^@fresh-scim\/[^/]+\//.test(specifier);
const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const isBullmq = (specifier: string): boolean => specifier === 'bullmq' || specifier.startsWith('bullmq/');

/** `packages/scim`; the empty text for tests, benchmarks and scripts, which may share their support. */
const homeOf = (path: string): string => /^(?:packages|apps)\/[^/]+/.exec(path)?.[0] ?? '';

const leavesHome = (file: SourceFile): string[] =>
  specifiers(file).filter(
    (specifier) => isRelative(specifier) && homeOf(resolveFrom(file, specifier)) !== homeOf(file.path),
  );

/** What reads a clock, chance, the network, the process or a console without importing anything. */
const IMPURE =
  /\b(?:Date\.now|new Date\(\s*\)|performance\.now|set(?:Timeout|Interval|Immediate)\(|queueMicrotask\(|Math\.random|crypto\.\w|process\.[a-z]|fetch\(|console\.\w)/g;

/** Where a value comes from: the file itself, or, through the index of another package, the file that defines it. */
function originsOf(
  file: SourceFile,
  { specifier, names }: Import,
  byPath: ReadonlyMap<string, SourceFile>,
): string[] {
  if (isRelative(specifier)) return [resolveFrom(file, specifier)];
  const home = packages.find(({ name }) => name === workspaceName(specifier));
  const index = byPath.get(`${home?.folder}/src/index.ts`);
  const exporters =
    index?.imports.filter((exported) => names.some((name) => exported.names.includes(name))) ?? [];
  return index ? exporters.map((exported) => resolveFrom(index, exported.specifier)) : [];
}

/** Libraries that compute and do nothing else. */
const PURE_LIBRARIES = new Set(['zod']);

/** What pure files import and use beyond other pure files and libraries: follows every value, and no type. */
function impurities(roots: readonly SourceFile[], all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const pending = [...roots];
  const seen = new Set<SourceFile>();
  const outside: string[] = [];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const found of file.imports.filter(({ isType }) => !isType)) {
      const origins = originsOf(file, found, byPath).flatMap((path) => byPath.get(path) ?? []);
      if (origins.length === 0 && !PURE_LIBRARIES.has(found.specifier))
        outside.push(`${file.path}: ${found.specifier}`);
      pending.push(...origins);
    }
  }
  return [...outside, ...told([...seen], ({ text }) => text.match(IMPURE) ?? [])];
}

describe('the table of allowed edges', () => {
  test('names every package and no other', () => {
    expect([...allowed.keys()].sort()).toEqual(packages.map(({ name }) => name).sort());
  });

  test.each(packages)('is what $folder declares and builds after', ({ name, declared, referenced }) => {
    expect(declared).toEqual(allowed.get(name));
    expect(referenced).toEqual(allowed.get(name));
  });

  test.each(packages)('holds for the imports of $folder', (found) => {
    expect(strayImports(found)).toEqual([]);
  });

  test('notices an import that it does not name', () => {
    const source = toSource(
      'packages/scim/src/x.ts',
      "import { openDirectory } from '@fresh-scim/directory';\n",
    );
    expect(strayImports({ name: 'scim', files: [source] })).toEqual([
      'packages/scim/src/x.ts: @fresh-scim/directory',
    ]);
  });

  test('has no circle', () => {
    const circles = packages.filter(({ name }) =>
      (allowed.get(name) ?? []).some((next) => reachOf(next).has(name)),
    );
    expect(circles.map(({ name }) => name)).toEqual([]);
  });
});

describe('whatever the table says', () => {
  const apps = new Set(packages.flatMap(({ name, folder }) => (folder.startsWith('apps/') ? [name] : [])));
  const simulators = ['freshservice-sim', 'entra-sim'];

  test.each([
    ['scim', packages.map(({ name }) => name).filter((name) => name !== 'scim')],
    // Entra's request must not be able to wait for Freshservice.
    ['scim-api', ['reconciler', 'freshservice', ...simulators]],
    // An outcome is returned, not told to BullMQ.
    ['reconciler', ['queue', 'runtime', ...simulators]],
    ['freshservice', ['scim', 'directory', 'connections', 'queue', ...simulators]],
    ['directory', ['freshservice', 'connections', 'queue']],
    ['queue', ['directory', 'freshservice', 'connections', 'scim']],
    ['runtime', ['scim', 'directory', 'freshservice', 'connections', 'queue']],
    ['worker', simulators],
    ['console', simulators],
  ])('%s does not reach %s', (from, never) => {
    expect(never.filter((name) => reachOf(from).has(name))).toEqual([]);
  });

  test('nobody imports an app', () => {
    const imported = packages.flatMap(({ name }) => allowed.get(name) ?? []).filter((name) => apps.has(name));
    expect(imported).toEqual([]);
  });

  test.each(simulators)('%s shares no code with what it simulates', (name) => {
    const own = packages.find((found) => found.name === name)?.files ?? [];
    expect(own.length).toBeGreaterThan(0);
    expect(
      told(own, (file) => specifiers(file).filter((specifier) => workspaceName(specifier) !== undefined)),
    ).toEqual([]);
  });

  test('packages import each other by their index only', () => {
    expect(told(files, (file) => specifiers(file).filter(isDeep))).toEqual([]);
    expect(isDeep('@fresh-scim/scim/src/path.ts')).toBe(true);
    expect(isDeep('@fresh-scim/scim')).toBe(false);
  });

  test('a relative import names its file with .ts and stays in its package', () => {
    const wrong = (file: SourceFile): string[] =>
      specifiers(file).filter((specifier) => isRelative(specifier) && !specifier.endsWith('.ts'));
    expect(told(files, wrong)).toEqual([]);
    expect(told(files, leavesHome)).toEqual([]);
    const source = toSource('packages/queue/src/x.ts', "import '../../scim/src/path';\n");
    expect([...wrong(source), ...leavesHome(source)]).toEqual(['../../scim/src/path', '../../scim/src/path']);
  });

  test('only queue imports bullmq', () => {
    const elsewhere = packages.filter(({ name }) => name !== 'queue').flatMap((found) => found.files);
    expect(told(elsewhere, (file) => specifiers(file).filter(isBullmq))).toEqual([]);
    expect(files.filter((file) => specifiers(file).some(isBullmq)).length).toBeGreaterThan(0);
  });
});

describe('pure code', () => {
  const scim = files.filter((file) => file.path.startsWith('packages/scim/src/') && !isTestFile(file));
  const decisions = files.filter(
    (file) => /^packages\/reconciler\/src\/(plan\.ts|mapping\/)/.test(file.path) && !isTestFile(file),
  );

  test('scim imports nothing and reads no clock', () => {
    expect(scim.length).toBeGreaterThan(20);
    expect(impurities(scim, files)).toEqual([]);
    expect(told(scim, (file) => specifiers(file).filter((specifier) => !isRelative(specifier)))).toEqual([]);
  });

  test('plan and mapping import types and pure values only, and read no clock', () => {
    expect(decisions.map(({ path }) => path)).toContain('packages/reconciler/src/plan.ts');
    expect(decisions.length).toBeGreaterThan(2);
    expect(impurities(decisions, files)).toEqual([]);
  });

  test('is told from what is not, also behind a relative import and behind an index', () => {
    const plan = toSource(
      'packages/reconciler/src/plan.ts',
      "import { now } from './now.ts';\nimport { type Redis, wait, keep } from '@fresh-scim/queue';\n",
    );
    const now = toSource(
      'packages/reconciler/src/now.ts',
      "import type { Redis } from 'ioredis';\nimport { pino } from 'pino';\nexport const now = () => Date.now();\n",
    );
    const index = toSource(
      'packages/queue/src/index.ts',
      "export { keep } from './keep.ts';\nexport { other, wait } from './wait.ts';\nexport { never } from './never.ts';\n",
    );
    const keep = toSource('packages/queue/src/keep.ts', 'export const keep = (value) => value;\n');
    const wait = toSource(
      'packages/queue/src/wait.ts',
      'export const wait = () => setTimeout(() => 0, 1);\n',
    );
    const never = toSource('packages/queue/src/never.ts', "import { Queue } from 'bullmq';\n");
    expect(impurities([plan], [plan, now, index, keep, wait, never]).sort()).toEqual([
      'packages/queue/src/wait.ts: setTimeout(',
      'packages/reconciler/src/now.ts: Date.now',
      'packages/reconciler/src/now.ts: pino',
    ]);
  });
});

test('imports are found in every form that is written here', () => {
  const text = [
    "import { a, b as c } from 'one';",
    "import type { B } from 'two';",
    "import {\n  d,\n  type D,\n} from './three.ts';",
    "import './four.ts';",
    "export { e } from './five.ts';",
    "export type { F } from './six.ts';",
    "const late = await import('./seven.ts');",
    "import * as z from 'eight';",
    "export const text = 'no import from';",
  ].join('\n');
  expect(importsOf(text)).toEqual([
    { specifier: 'one', isType: false, names: ['a', 'b'] },
    { specifier: 'two', isType: true, names: ['B'] },
    { specifier: './three.ts', isType: false, names: ['d'] },
    { specifier: './four.ts', isType: false, names: [] },
    { specifier: './five.ts', isType: false, names: ['e'] },
    { specifier: './six.ts', isType: true, names: ['F'] },
    { specifier: './seven.ts', isType: false, names: [] },
    { specifier: 'eight', isType: false, names: [] },
  ]);
});
