/** The workspace's packages as text: who they are, what they declare, and what their files import. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';

/** The root of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

/** One `import`, `export ... from` or `import()`. */
export interface Import {
  readonly specifier: string;
  /** `import type`: gone when the file runs. */
  readonly isType: boolean;
  /** Values in braces, by the name that the other file exports; types are left out. */
  readonly names: readonly string[];
}

export interface SourceFile {
  /** From the root of the checkout. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface WorkspacePackage {
  /** Without the scope: `scim`, `worker`. */
  readonly name: string;
  readonly folder: string;
  /** Workspace packages that package.json names, without the scope, sorted. */
  readonly declared: readonly string[];
  /** Workspace packages that tsconfig.json refers to, sorted. */
  readonly referenced: readonly string[];
  readonly files: readonly SourceFile[];
}

const SCOPE = '@fresh-scim/';

/** Every package and app, in the order of their folders. */
export function loadPackages(): WorkspacePackage[] {
  return globSync('{packages,apps}/*/package.json', { cwd: ROOT })
    .sort()
    .map((manifest) => {
      const folder = posix.dirname(manifest);
      // Files of this repository: what they hold is known.
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readText(manifest)) as Manifest;
      const { references = [] } = JSON.parse(readText(`${folder}/tsconfig.json`)) as BuildProject;
      return {
        name: basename(folder),
        folder,
        declared: workspaceNames(Object.keys({ ...dependencies, ...devDependencies })),
        referenced: references.map(({ path }) => basename(path)).sort(),
        files: loadSources(`${folder}/src/**/*.ts`),
      };
    });
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface BuildProject {
  readonly references?: readonly { readonly path: string }[];
}

/** The TypeScript files that a pattern names, from the root. */
export function loadSources(pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })
    .sort()
    .map((path) => toSource(path, readText(path)));
}

export const toSource = (path: string, text: string): SourceFile => ({
  path,
  text,
  imports: importsOf(text),
});

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const workspaceNames = (specifiers: readonly string[]): string[] =>
  [...new Set(specifiers.flatMap((specifier) => workspaceName(specifier) ?? []))].sort();

/** `@fresh-scim/scim/src/x.ts` -> `scim`; undefined for what is not of this workspace. */
export const workspaceName = (specifier: string): string | undefined =>
  specifier.startsWith(SCOPE) ? specifier.slice(SCOPE.length).split('/', 1)[0] : undefined;

/** Where a relative import leads, from the root of the checkout. */
export const resolveFrom = (file: SourceFile, specifier: string): string =>
  posix.normalize(posix.join(dirname(file.path), specifier));

/** Whether a file is a test, or help for tests, and never runs in a process of ours. */
export const isTestFile = ({ path }: SourceFile): boolean =>
  /\.test\.ts$|\/testing\/|\/test-support\.ts$/.test(path);

/** Statements at the beginning of a line, as the formatter leaves them; a list of names may take several lines. */
const IMPORT =
  /^(?:import|export)(?<type>\s+type\b)?\s(?<clause>[^'";]*?)\bfrom\s+'(?<named>[^']+)'|^import\s+'(?<bare>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'/gm;

/** Everything that a file imports, or exports from another one. */
export function importsOf(text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(({ groups = {} }) => ({
    specifier: groups['named'] ?? groups['bare'] ?? groups['dynamic'] ?? '',
    isType: groups['type'] !== undefined,
    names: namesIn(groups['clause'] ?? ''),
  }));
}

/** `{ type A, b, c as d }` -> `b`, `c`. */
function namesIn(clause: string): string[] {
  const inside = /\{(?<list>[^}]*)\}/.exec(clause)?.groups?.['list'] ?? '';
  return inside.split(',').flatMap((item) => {
    const [name = '', next] = item.trim().split(/\s+/);
    return name === '' || (name === 'type' && next !== undefined && next !== 'as') ? [] : [name];
  });
}
