/** What the documentation says of the code is compared with the code: settings, variables, metrics, keys, commands, paths. */
import { existsSync, globSync } from 'node:fs';
import { join, posix } from 'node:path';
import { SETTINGS } from '@fresh-scim/connections';
import { describe, expect, test } from 'vitest';
import { codesOf, linksOf, rowsOf, sectionOf } from './support/markdown.ts';
import { NOT_RUN, shellBlocksOf } from './support/shell-commands.ts';
import { settingsRows } from './support/settings-table.ts';
import { isTestFile, loadSources, readText, ROOT } from './support/sources.ts';

const operations = readText('docs/operations.md');
const pages = globSync(['README.md', 'docs/**/*.md', '{packages,apps}/*/README.md'], { cwd: ROOT }).sort();
const sources = loadSources('{packages,apps}/*/src/**/*.ts').filter((file) => !isTestFile(file));
const product = sources.filter(({ path }) => !/-sim\//.test(path));

const firstCells = (section: string): string[] => rowsOf(section).flatMap(([cell = '']) => codesOf(cell));

/** What the first group of a pattern finds in these files, each once, sorted. */
const found = (files: readonly { text: string }[], pattern: RegExp): string[] =>
  [
    ...new Set(files.flatMap(({ text }) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))),
  ].sort();

describe('docs/operations.md', () => {
  test('has the table of settings that the code has', () => {
    expect(rowsOf(sectionOf(operations, 'Settings of a connection'))).toEqual(settingsRows());
  });

  test('names the settings that nothing reads yet', () => {
    const [, sentence = ''] = /without an effect in this version: ([^:]*?)\.\n/.exec(operations) ?? [];
    const read = new Set(found(product, /\bsettings(?:\.|\[')([a-zA-Z.]+?)\b(?:'\]|(?![a-zA-Z.]))/g));
    expect(codesOf(sentence)).toEqual(SETTINGS.map(({ key }) => key).filter((key) => !read.has(key)));
  });

  test('names every variable, and no other', () => {
    const outside = new Set(['PATH', 'HOME', 'XDG_CACHE_HOME', 'LD_LIBRARY_PATH']);
    const declared = found(product, /^ {2}([A-Z][A-Z_]+): (?:z$|z\.|\w+Variable\()/gm);
    const looked = found(product, /\benv\['([A-Z][A-Z_]+)'\]/g).filter((name) => !outside.has(name));
    const documented = firstCells(sectionOf(operations, 'Environment'));
    expect(documented.toSorted()).toEqual([...new Set([...declared, ...looked])].sort());
  });

  test('gives the default of every port', () => {
    const rows = new Map(
      rowsOf(sectionOf(operations, 'Environment')).map(([name = '', byDefault]) => [name, byDefault]),
    );
    const ports = product.flatMap(({ text }) => [
      ...text.matchAll(/^ {2}([A-Z_]+): portVariable\((\d+)\)/gm),
    ]);
    expect(ports.length).toBeGreaterThan(4);
    expect(ports.filter(([, name = '', port = '']) => rows.get(`\`${name}\``) !== `\`${port}\``)).toEqual([]);
  });

  test('names every metric, and no other', () => {
    const documented = firstCells(sectionOf(operations, 'Health, logs, metrics')).filter((name) =>
      name.startsWith('fresh_scim_'),
    );
    expect(documented.toSorted()).toEqual(found(product, /'(fresh_scim_[a-z_]+)'/g));
  });

  test('quotes log lines that are written', () => {
    const rows = rowsOf(sectionOf(operations, 'Health, logs, metrics')).filter((cells) => cells.length === 4);
    const lines = rows.flatMap(([, , message = '']) => codesOf(message));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => !product.some(({ text }) => text.includes(`'${line}'`)))).toEqual([]);
  });
});

describe('the table of Redis keys of packages/directory', () => {
  const documented = firstCells(sectionOf(readText('packages/directory/README.md'), 'Redis keys')).map(
    (name) => name.replace(/<.*$/, ''),
  );
  const scripts = globSync('packages/directory/src/lua/*.lua', { cwd: ROOT }).map((path) => ({
    text: readText(path),
  }));
  const typescript = sources.filter(({ path }) => path.startsWith('packages/directory/src/'));
  const built = [
    ...found(scripts, /\b[PA] \.\. '([^']+)'/g),
    ...found(typescript, /\$\{(?:prefix|connectionPrefix\(scope\)|accountPrefix\(scope\))\}([a-zA-Z:]+)/g),
  ];

  test('names every key that is built', () => {
    expect(built.length).toBeGreaterThan(20);
    expect(built.filter((name) => !documented.some((known) => known.startsWith(name)))).toEqual([]);
  });

  test('names no key that is not there', () => {
    const texts = [...scripts, ...typescript].map(({ text }) => text).join('\n');
    const names = documented.filter((name) => name.length > 0 && !name.startsWith('{'));
    expect(names.filter((name) => !texts.includes(name))).toEqual([]);
  });

  test('names every field of a key', () => {
    const rows = rowsOf(sectionOf(readText('packages/directory/README.md'), 'Redis keys'));
    const row = rows.find(([name]) => name === '`k:<key>`');
    const fields = codesOf(row?.[2] ?? '');
    const texts = scripts.map(({ text }) => text).join('\n');
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter((field) => !texts.includes(`'${field}'`))).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const text = readText(page);

  test('has links that lead somewhere', () => {
    const broken = linksOf(text).filter((target) => !existsSync(join(ROOT, posix.dirname(page), target)));
    expect(broken).toEqual([]);
  });

  test('names files that are there', () => {
    const paths = [...text.matchAll(/\b(?:packages|apps|test|docs|bench)\/[\w./-]*\w/g)].map(
      ([path]) => path,
    );
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('names npm scripts that are there', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const names = [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names commands of fresh-scim that are there', () => {
    const commands = found(
      sources.filter(({ path }) => path.startsWith('apps/cli/src/')),
      /\b(?:command|onOne)\(\s*'([a-z-]+)/g,
    );
    const decisions = found(
      sources.filter(({ path }) => path.endsWith('/act.ts')),
      /\bname: '([a-z]+)'/g,
    );
    const known = new Set([...commands, ...decisions, 'help']);
    const used = [...text.matchAll(/(?:`fresh-scim|fresh-scim --) ([a-z-]+)(?: ([a-z-]+))?/g)].flatMap(
      ([, name = '', sub = '']) => (name === 'connection' ? [name, sub] : [name]),
    );
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('commands to type', () => {
  const blocksOf = (page: string): string[] => shellBlocksOf(readText(page)).flat();
  const places = [
    'README.md',
    'docs/entra-setup.md',
    'docs/operations.md',
    'docs/containers.md',
    'docs/benchmarks.md',
  ];

  test('are in these pages only, apart from those of a package', () => {
    const others = pages.filter((page) => !places.includes(page) && !page.startsWith('packages/'));
    expect(others.filter((page) => blocksOf(page).length > 0)).toEqual([]);
  });

  test('are run by a test, or it is said why not', () => {
    const runs = new Map([
      ['README.md', 'test/e2e/pages.test.ts'],
      ['docs/entra-setup.md', 'test/e2e/entra-setup.test.ts'],
      ['docs/operations.md', 'test/e2e/pages.test.ts'],
    ]);
    for (const [page, file] of runs) expect(readText(file)).toContain(`readText('${page}')`);
    const untested = places.filter((page) => !runs.has(page)).flatMap(blocksOf);
    const reasons = [...NOT_RUN.keys()];
    expect(untested.length).toBeGreaterThan(15);
    expect(untested.filter((one) => !reasons.some((start) => one.startsWith(start)))).toEqual([]);
  });

  test('of fresh-scim are run by a test, wherever a page names them', () => {
    const tests = globSync('test/e2e/*.test.ts', { cwd: ROOT }).map(readText).join('\n');
    const typed = ['README.md', 'docs/entra-setup.md'].flatMap(blocksOf).join('\n');
    const isRun = (name: string, sub: string | undefined): boolean => {
      const written = sub === undefined ? `'${name}'[\\],]` : `'${name}',\\s*'${sub}'`;
      const printed = sub === undefined ? `-- ${name}\\b` : `-- ${name} ${sub}\\b`;
      return new RegExp(written).test(tests) || new RegExp(printed).test(typed);
    };
    const named = places.flatMap((page) => [
      ...readText(page).matchAll(
        /(?:`fresh-scim|fresh-scim --|--rm(?: -T)? cli) (?:(connection|mapping) ([a-z-]+)|([a-z]+))/g,
      ),
    ]);
    expect(named.length).toBeGreaterThan(30);
    const missing = named.filter(([, group, sub, alone = '']) => !isRun(group ?? alone, sub));
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  test('are not named as untested when they are gone', () => {
    const all = places.flatMap(blocksOf);
    expect([...NOT_RUN.keys()].filter((start) => !all.some((one) => one.startsWith(start)))).toEqual([]);
  });
});
