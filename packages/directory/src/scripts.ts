/** Loads the Lua scripts and runs them: by digest, sent whole only where Redis does not know them yet. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { accountPrefix, connectionPrefix, type Scope } from './scope.ts';
import { guarded } from './unavailable.ts';

type ScriptName =
  | 'acquire'
  | 'commit'
  | 'edit-mapping'
  | 'feed'
  | 'import'
  | 'hold-catalog'
  | 'intend'
  | 'pass-brake'
  | 'postpone'
  | 'purge'
  | 'record'
  | 'refresh'
  | 'reject'
  | 'renew'
  | 'same-identity'
  | 'settle'
  | 'wake';

interface Script {
  readonly source: string;
  readonly digest: string;
}

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

const loaded = new Map<ScriptName, Script>();

function scriptOf(name: ScriptName): Script {
  const known = loaded.get(name);
  if (known) return known;
  const source = `${read('prelude')}\n${read(name)}`;
  const script = { source, digest: createHash('sha1').update(source).digest('hex') };
  loaded.set(name, script);
  return script;
}

/**
 * Runs one script on the slot of the scope.
 *
 * @throws {DirectoryUnavailable} when Redis is down or refuses to work. The effect is then unknown, as with any
 * lost answer; every script is safe to repeat with what a fresh read shows.
 */
export function runScript(
  redis: Redis,
  name: ScriptName,
  scope: Scope,
  args: readonly (string | number)[],
): Promise<unknown> {
  const script = scriptOf(name);
  const keys = [connectionPrefix(scope), accountPrefix(scope)];
  return guarded(async () => {
    try {
      return await redis.evalsha(script.digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await redis.eval(script.source, keys.length, ...keys, ...args);
    }
  });
}

/** The reply of a script as strings; Lua's numbers and `false` become text. */
export function textReply(reply: unknown): readonly string[] {
  if (!Array.isArray(reply)) throw new TypeError('a script of this package returned no list');
  return reply.map((item) => (item === null || item === undefined ? '' : String(item)));
}
