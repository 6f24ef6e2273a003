/** Every change of a group, as one call of one script: its attributes, and a slice of its members. */

import type { Redis } from 'ioredis';
import { type Attributes, externalIdOf, MEMBERS_MAX, ScimError } from '@fresh-scim/scim';
import { indexValue } from './indexed.ts';
import type { MemberPlan } from './member-changes.ts';
import { type GroupKey, groupKey, type Scope } from './scope.ts';
import { runScript, textReply } from './scripts.ts';
import { generationText, parseStored, type StoredResource } from './stored.ts';

/** Members that one script changes: some 2 ms of Redis. */
export const MEMBERS_PER_SCRIPT = 500;

/** A change of a group that is in the store. Nothing is woken by it. */
export interface CommittedGroup {
  readonly stored: StoredResource;
  /** False when the request asked for what was already so. */
  readonly changed: boolean;
  readonly key: GroupKey;
}

/** One change of one group. `before` and `after` decide the operation; `after` is absent where attributes stay. */
export interface GroupChange {
  readonly id: string;
  readonly op: 'create' | 'update' | 'delete';
  /** The attributes that were read: they are replaced only while they are these. */
  readonly before?: { readonly attributes: Attributes; readonly json: string };
  readonly after?: Attributes;
  /** If-Match names this generation. */
  readonly generation?: number;
  /** At most `MEMBERS_PER_SCRIPT`. */
  readonly members: MemberPlan;
}

/** Why nothing was stored: somebody else was faster, or there is no such group. */
export type UncommittedGroup = 'moved' | 'gone';

/**
 * Safe to repeat: members are changed one by one, and the version moves only where something changes.
 *
 * @throws {ScimError} 409 `uniqueness` when another group has the displayName; 400 when the group would be too large.
 */
export async function commitGroup(
  redis: Redis,
  scope: Scope,
  change: GroupChange,
): Promise<(CommittedGroup & { readonly isLeft: boolean }) | UncommittedGroup> {
  const { id, op, before, after, generation, members } = change;
  const idsTo = (wanted: 'add' | 'remove'): string[] =>
    [...members].flatMap(([member, what]) => (what === wanted ? [member] : []));
  const [added, removed] = [idsTo('add'), idsTo('remove')];
  const isDone = op === 'delete' || after !== undefined;
  const then = isDone ? indexedGroup(before?.attributes) : NOTHING;
  const now = indexedGroup(after);
  const reply = textReply(
    await runScript(redis, 'commit-group', scope, [
      op,
      id,
      generation === undefined ? '' : generationText(generation),
      isDone ? (before?.json ?? '') : '',
      after ? JSON.stringify(after) : '',
      now.displayName,
      then.displayName,
      now.externalId,
      then.externalId,
      MEMBERS_MAX,
      added.length,
      ...added,
      ...removed,
    ]),
  );
  const [result, changed, text = '', isLeft] = reply;
  switch (result) {
    case 'ok':
      return {
        stored: parseStored(id, text),
        changed: changed === '1',
        key: groupKey(id),
        isLeft: isLeft === '1',
      };
    case 'moved':
    case 'gone':
      return result;
    case 'uniqueness':
      throw new ScimError(
        409,
        'uniqueness',
        'Another group has this displayName. Find it with a filter on displayName, and change it or delete it first.',
      );
    case 'full':
      throw tooManyMembers();
    default:
      throw new TypeError(`commit-group returned ${result}`);
  }
}

export const tooManyMembers = (): ScimError =>
  new ScimError(400, 'invalidValue', `A group may have ${MEMBERS_MAX} members at most.`);

const NOTHING = { displayName: '', externalId: '' };

function indexedGroup(attributes: Attributes | undefined): typeof NOTHING {
  if (!attributes) return NOTHING;
  const { displayName } = attributes;
  return {
    displayName: typeof displayName === 'string' ? indexValue(displayName.toLowerCase()) : '',
    externalId: indexValue(externalIdOf(attributes) ?? ''),
  };
}
