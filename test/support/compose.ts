/** The Compose file as text and parsed, its variables, and whether a file of that kind is one. */
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { readText } from './sources.ts';

/** What these tests look at in a service, anchors and merges resolved. */
export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly cap_add?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean };
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, string | number>> } };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

interface LintResult {
  readonly messages: readonly { readonly rule: string; readonly message: string }[];
}

/** docker-compose.yml as it is written. */
export const composeText = readText('docker-compose.yml');
/** The same, parsed. Its form is compared with the schema by a test. */
export const compose = parse(composeText, { merge: true }) as Compose;

/** One service. @throws {RangeError} when there is none of that name */
export function serviceOf(name: string): Service {
  const service = compose.services[name];
  if (service === undefined) throw new RangeError(`there is no service ${name}`);
  return service;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; not `$${NAME}`, which is for a shell in the container. */
export const VARIABLE = /(?<!\$)\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}/g;

/** What a value becomes with nothing but what has to be set. */
export const withDefaults = (value: string): string =>
  value.replaceAll(VARIABLE, (_, name: string, byDefault?: string) => byDefault ?? SAMPLES[name] ?? '');

const SAMPLES: Readonly<Record<string, string>> = {
  FRESH_SCIM_SECRET: Buffer.alloc(32, 7).toString('base64'),
  REDIS_PASSWORD: 'abc123',
};

/** What is wrong with the form of a Compose file, by its schema and a few rules; rules of taste are left out. */
export function problemsOf(path: string): string[] {
  const form = new Set([
    'invalid-schema',
    'invalid-yaml',
    'unknown-error',
    'no-duplicate-container-names',
    'no-duplicate-exported-ports',
    'no-version-field',
    'require-project-name-field',
    'service-image-require-explicit-tag',
  ]);
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
  // Its own types are lost: they name their files without an extension, which TypeScript does not resolve in nodenext.
  const results = linter.lintFiles([path], false) as readonly LintResult[];
  return results
    .flatMap(({ messages }) => messages.filter(({ rule }) => form.has(rule)))
    .map(({ rule, message }) => `${rule}: ${message}`);
}
