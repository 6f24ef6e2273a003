/** Loads the Lua scripts and runs them: by digest, sent whole only where Redis does not know them yet. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { accountPrefix, connectionPrefix, LAYOUT_VERSION, type Scope } from './scope.ts';
import { guarded, LayoutMismatch } from './unavailable.ts';

type ScriptName =
  | 'acquire'
  | 'commit'
  | 'commit-group'
  | 'edit-mapping'
  | 'end-memberships'
  | 'feed'
  | 'find-bookmark'
  | 'find-user'
  | 'groups-of'
  | 'import'
  | 'hold-catalog'
  | 'intend'
  | 'move-observed'
  | 'next-moves'
  | 'page'
  | 'pass-brake'
  | 'postpone'
  | 'purge'
  | 'record'
  | 'refresh'
  | 'reject'
  | 'renew'
  | 'same-identity'
  | 'settle'
  | 'turn-page'
  | 'wake';

interface Script {
  readonly source: string;
  readonly digest: string;
}

/** What stands between the prelude and a script that shares it with others. */
const SHARED: { readonly [name in ScriptName]?: string } = {
  'find-bookmark': 'bookmarks',
  page: 'bookmarks',
  'turn-page': 'bookmarks',
};

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

/** These need nothing of the prelude. They only read: like all plain reads they do not look at the layout. */
const STANDALONE: ReadonlySet<ScriptName> = new Set(['find-user']);

const loaded = new Map<ScriptName, Script>();

function scriptOf(name: ScriptName): Script {
  const known = loaded.get(name);
  if (known) return known;
  const shared = SHARED[name];
  const source = STANDALONE.has(name)
    ? read(name)
    : [`local LAYOUT = '${LAYOUT_VERSION}'`, ...['prelude', shared ?? [], name].flat().map(read)].join('\n');
  const script = { source, digest: createHash('sha1').update(source).digest('hex') };
  loaded.set(name, script);
  return script;
}

/**
 * Runs one script on the slot of the scope.
 *
 * @throws {DirectoryUnavailable} when Redis is down or refuses to work. The effect is then unknown, as with any
 * lost answer; every script is safe to repeat with what a fresh read shows.
 * @throws {LayoutMismatch} when another version has written the data; nothing was changed.
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
      if (!isRefusal(error, 'NOSCRIPT')) throw toMismatch(error);
    }
    try {
      return await redis.eval(script.source, keys.length, ...keys, ...args);
    } catch (error) {
      throw toMismatch(error);
    }
  });
}

/** The reply of a script as strings; Lua's numbers and `false` become text. */
export function textReply(reply: unknown): readonly string[] {
  if (!Array.isArray(reply)) throw new TypeError('a script of this package returned no list');
  return reply.map((item) => (item === null || item === undefined ? '' : String(item)));
}

const isRefusal = (error: unknown, code: string): error is Error =>
  error instanceof Error && error.message.startsWith(code);

const toMismatch = (error: unknown): unknown =>
  isRefusal(error, 'LAYOUTMISMATCH')
    ? new LayoutMismatch(error.message.split(' ')[1] ?? '', LAYOUT_VERSION)
    : error;
