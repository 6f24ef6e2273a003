/** docs/errors.md is compared with the code: what Entra is answered, how a reconcile ends, notes, kinds of errors. */
import { describe, expect, test } from 'vitest';
import { codesOf, rowsOf, sectionOf } from './support/markdown.ts';
import { isTestFile, loadSources, readText } from './support/sources.ts';

const page = readText('docs/errors.md');
const OUTCOMES = ['Put aside', 'Held by the brake', 'Tried again', 'Begun anew at once', 'The import'];

const sources = loadSources('{packages,apps}/*/src/**/*.ts').filter((file) => !isTestFile(file));
const textOf = (pattern: RegExp): string =>
  sources
    .filter(({ path }) => pattern.test(path))
    .map(({ text }) => text)
    .join('\n');
const reconciler = textOf(/^packages\/reconciler\/src\//);

const rows = (heading: string): string[][] => rowsOf(sectionOf(page, heading));
const firstCodes = (heading: string): string[] => rows(heading).flatMap(([cell = '']) => codesOf(cell));
const unique = (names: Iterable<string>): string[] => [...new Set(names)].sort();

/** What the first group of each pattern finds, each once, sorted. */
const found = (text: string, ...patterns: readonly RegExp[]): string[] =>
  unique(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name)));

/** The members of a union of texts. */
const unionIn = (text: string, declaration: RegExp): string[] => {
  const [, union = ''] = declaration.exec(text) ?? [];
  return found(union, /'([\w-]+)'/g);
};

describe('what Entra is answered', () => {
  const answering = textOf(/^(packages\/(scim|directory)|apps\/scim-api)\/src\//);

  test('has a row for each status with its keyword, and no other', () => {
    const thrown = [
      ...answering.matchAll(/new (?:ScimError|UnknownTarget)\(\s*(\d{3}),\s*(?:undefined|'(\w+)')/g),
    ];
    const bad = found(answering, /badRequest\(\s*'(\w+)'/g, /scimType: '(\w+)' \| '\w+'\)/g);
    const [, table = ''] = /const REFUSALS = \{(.*?)\} as const/s.exec(answering) ?? [];
    const plain = [...found(table, /^ {2}(\d{3}):/gm), ...found(answering, /refuseWith\((\d{3})/g)];
    const answers = [
      ...thrown.map(([, status = '', keyword = '']) => `${status} ${keyword}`),
      ...bad.map((keyword) => `400 ${keyword}`),
      ...plain.map((status) => `${status} `),
    ];
    const documented = rows('What Entra is answered').map(
      ([status = '', keyword = '']) => `${status} ${codesOf(keyword)[0] ?? ''}`,
    );
    expect(documented).toEqual(unique(answers));
  });

  test('knows every way in which a status is chosen', () => {
    const calls = [...answering.matchAll(/new ScimError\(\s*([\w.]+),/g)].map(([, first = '']) => first);
    const names = unique(calls.filter((first) => !/^\d{3}$/.test(first)));
    // The repetition of an operation's error, the table of refusals, and refuseWith.
    expect(names).toEqual(['status']);
  });

  test('gives the seconds of Retry-After', () => {
    const [, table = ''] = /RETRY_AFTER_SECONDS: .*? = \{(.*?)\}/.exec(answering) ?? [];
    const seconds = found(table, /\d{3}: (\d+)/g);
    const documented = found(sectionOf(page, 'What Entra is answered'), /`Retry-After` is (\d+) s/g);
    expect(documented).toEqual(seconds);
  });
});

describe('what a detail says', () => {
  const TEXT = String.raw`(?:'(?:[^'\\]|\\.)*'|` + '`[^`]*`)';
  const thrown = new RegExp(
    String.raw`(?:new (?:ScimError|UnknownTarget)\(\s*(\d{3}),\s*(?:undefined|'(\w+)'),|badRequest\(\s*(?:'(\w+)'|(scimType)),|refuseWith\((\d{3}),|^ {2}(\d{3}):)\s*(?://.*\s*)?(${TEXT}(?:\s*\+\s*${TEXT})*)`,
    'gm',
  );
  /** `a ${b} c` and 'a ' + 'c' -> the text, with … for what differs. */
  const patternOf = (code: string): string =>
    [...code.matchAll(new RegExp(TEXT, 'g'))]
      .map(([text]) =>
        text
          .slice(1, -1)
          .replaceAll(/\$\{[^}]*\}/g, '…')
          .replaceAll("\\'", "'"),
      )
      .join('');
  const answering = textOf(/^(packages\/(scim|directory)|apps\/scim-api)\/src\//);
  const inCode = [...answering.matchAll(thrown)].flatMap(
    ([, status = '', keyword = '', bad, either, refused = '', plain = '', code = '']) => {
      // One function refuses both ways.
      const keywords =
        bad === undefined && either === undefined
          ? [keyword]
          : either
            ? ['invalidValue', 'mutability']
            : [bad];
      const given = `${status}${refused}${plain}` || '400';
      return keywords.map((word) => `${`${given} ${word}`.trim()}: ${patternOf(code)}`);
    },
  );

  test('is on the page for every refusal, and no other', () => {
    const documented = rows('What detail says').map(
      ([status = '', keyword = '', detail = '']) =>
        `${[status, ...codesOf(keyword)].join(' ')}: ${detail.replaceAll('\\|', '|')}`,
    );
    expect(inCode.length).toBeGreaterThan(60);
    expect(documented).toEqual(unique(inCode));
  });

  test('stands where it is refused, and so cannot be missed here', () => {
    const known = new Set([...answering.matchAll(thrown)].map(({ index }) => index));
    const refusals = answering.matchAll(
      /(?<!function )(?:new (?:ScimError|UnknownTarget)|badRequest|refuseWith)\(\s*[^\s,]+,[^,\n]*/g,
    );
    const elsewhere = [...refusals].filter(({ index }) => !known.has(index)).map(([call]) => call);
    // Those that pass on what they are given.
    expect(unique(elsewhere)).toEqual([
      'new ScimError(400, scimType',
      'new ScimError(status, scimType',
      'new ScimError(status, undefined',
    ]);
  });

  test('ends as a sentence does, and names no value', () => {
    for (const line of inCode) expect(line).toMatch(/[.…]$/);
  });
});

describe('how a reconcile ends', () => {
  const documented = unique(OUTCOMES.flatMap(firstCodes));
  const [, fatal = ''] = /const FATAL\b.*?new Set\(\[(.*?)\]\)/s.exec(reconciler) ?? [];
  const ended = unique([
    ...found(
      `${reconciler}\n${textOf(/^packages\/queue\/src\//)}`,
      /\bwhy: '([\w-]+)'/g,
      /\bbackOff\(run, '([\w-]+)'/g,
      /\bfailImport\(\w+, '([\w-]+)'/g,
    ),
    ...found(fatal, /'(\w+)'/g),
  ]);

  test('has a row for each code, and no other', () => {
    expect(ended.length).toBeGreaterThan(30);
    expect(documented).toEqual(ended);
  });

  test('says what it is to be parked of each code that parks, and of no other', () => {
    const parked = found(reconciler, /kind: 'parked',\s*why: '([\w-]+)'/g);
    expect(firstCodes('Put aside')).toEqual(parked);
  });

  test('says what stops an import', () => {
    expect(firstCodes('The import')).toEqual(
      unique([...found(fatal, /'(\w+)'/g), ...found(reconciler, /\bfailImport\(\w+, '([\w-]+)'/g)]),
    );
  });

  test('the command says each code in words', () => {
    const known = found(readText('apps/cli/src/words/why.ts'), /^ {2}'?([\w-]+)'?: (?:\{|HELD)/gm);
    expect(known).toEqual(documented);
  });
});

describe('notes', () => {
  const documented = firstCodes('Why an attribute was left out');
  const noted = found(
    reconciler,
    /\breason: '([\w-]+)'/g,
    /\breason = .* \? '([\w-]+)'/g,
    /\breason = .* : '([\w-]+)'/g,
    /\brefuse\('([\w-]+)'/g,
    /\bunresolved\(made, '\w+', '([\w-]+)'/g,
    /\bleaveOutAddress\(run, '([\w-]+)'/g,
    /\bleftOut\.set\(\w+, \w+ \? '([\w-]+)'/g,
    /\bleftOut\.set\(\w+, '([\w-]+)'/g,
    /\[attribute, '([\w-]+)'\]/g,
    /\[name, '([\w-]+)'\]/g,
  );
  const ofFields = unionIn(reconciler, /type CustomProblem =([^;]*);/);
  const ofLists = unionIn(reconciler, /type Found<T> =([^;]*);/);
  /** A kind of list, and what may be wrong with a name of it. */
  const composed = found(reconciler, /`([a-z]+)-\$\{\w+(?:\.\w+)*\}`/g).flatMap((list) =>
    // Only departments are made.
    ofLists
      .filter((problem) => problem !== 'refused' || list === 'department')
      .map((problem) => `${list}-${problem}`),
  );

  test('has a row for each reason, and no other', () => {
    expect(composed).toHaveLength(7);
    expect(reconciler).toContain('`refused ${code}`');
    expect(documented).toEqual(unique([...noted, ...ofFields, ...composed, 'refused CODE']));
  });

  test('no word that looks like a code is left out', () => {
    // Events of a timeline, which apps/cli puts into words; and a verdict that never leaves failure.ts.
    const events = found(textOf(/^apps\/cli\/src\/words\/timeline\.ts$/), /^ {2}'([\w-]+)':/gm);
    const known = new Set([...documented, ...OUTCOMES.flatMap(firstCodes), ...events, 'look-again']);
    const files = textOf(/^packages\/reconciler\/src\/(\w+|mapping\/(target|custom-field))\.ts$/);
    const words = found(files, /'([a-z]+(?:-[a-z]+)+)'/g);
    expect(words.filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('errors of Freshservice', () => {
  const table = rows('What an error of Freshservice becomes').map(
    ([kind = '', , effects = '', end = '']) => ({
      kind: codesOf(kind)[0] ?? '',
      effects: codesOf(effects),
      ends: codesOf(end),
    }),
  );
  const client = textOf(/^packages\/freshservice\/src\//);

  test('has a row for each kind, in the order of the table that decides', () => {
    const [, policies = ''] = /const POLICIES: .*? = \{(.*?)\n\};/s.exec(reconciler) ?? [];
    const kinds = table.map(({ kind }) => kind);
    expect(unique(kinds)).toEqual(found(policies, /^ {2}(\w+): \(/gm));
    expect(unique(kinds)).toEqual(unionIn(client, /type ErrorKind =([^;]*);/));
  });

  test('gives the effects that a call of that kind may have had', () => {
    const answered = [...client.matchAll(/\bkind: '(\w+)', effect: '(\w+)' \}/g)];
    // A call without an answer: it gave up, or the network did; before the first byte or after it.
    const silent = ['deadline', 'unavailable'].flatMap((kind) =>
      ['none', 'unknown'].map((effect) => ({ kind, effect })),
    );
    const pairs = [...answered.map(([, kind = '', effect = '']) => ({ kind, effect })), ...silent];
    for (const { kind, effects } of table) {
      expect({ kind, effects }).toEqual({
        kind,
        effects: unique(pairs.filter((pair) => pair.kind === kind).map(({ effect }) => effect)),
      });
    }
  });

  test('ends in codes that the page explains', () => {
    const explained = new Set([...OUTCOMES.flatMap(firstCodes), 'unknown', 'Retry-After']);
    for (const { ends } of table) expect(ends.filter((code) => !explained.has(code))).toEqual([]);
  });
});
