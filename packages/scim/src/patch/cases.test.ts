// Runs every triple of cases/*.json: a stored resource, the operations as they come over the wire, and what they make
// of it or the keyword with which they are refused.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import type { ScimType } from '../errors.ts';
import { isSameJson } from '../json.ts';
import type { JsonValue } from '../json.ts';
import type { Attributes } from '../resource.ts';
import type { ResourceTypeName } from '../schema/resource-type.ts';
import { finish } from '../steps.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { splitMembers } from '../members.ts';
import { changedMembers } from '../testing/member-set.ts';
import { applyPatch } from './apply.ts';
import { splitPatch } from './member-changes.ts';
import type { PatchOperation } from './operation.ts';
import { parsePatch } from './parse.ts';

/** A group's `members` in a case stand for the set that lies beside it. */
interface Case {
  readonly name: string;
  /** User unless said. */
  readonly type?: ResourceTypeName;
  readonly source: Attributes;
  readonly operations: JsonValue[];
  readonly expected?: Attributes;
  readonly refused?: ScimType;
}

const folder = new URL('cases/', import.meta.url);

function patched({ type = 'User', source, operations }: Case): Attributes {
  const parsed = parsePatch(type, { schemas: [PATCH_MESSAGE], Operations: operations });
  return type === 'User' ? applyPatch(type, source, parsed) : patchedGroup(source, parsed);
}

function patchedGroup(source: Attributes, operations: readonly PatchOperation[]): Attributes {
  const before = finish(splitMembers(source));
  const patch = finish(splitPatch(operations));
  const attributes = applyPatch('Group', before.attributes, patch.attributes);
  const members = changedMembers(before.members, patch.members);
  const isSame = attributes === before.attributes && isSameJson([...members], [...before.members]);
  const elements = members.map((value) => ({ value }));
  return isSame ? source : { ...attributes, ...(elements.length > 0 ? { members: elements } : {}) };
}

function refusalOf(run: () => unknown): ScimError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof ScimError) {
      return error;
    }
    throw error;
  }
  return undefined;
}

for (const file of readdirSync(folder).toSorted()) {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  describe(file, () => {
    test.each(cases)('$name', (given) => {
      const before = structuredClone(given.source);
      if (given.refused === undefined) {
        const result = patched(given);
        expect(result).toEqual(given.expected);
        expect(result === given.source).toBe(isSameJson(before, given.expected));
      } else {
        const refusal = refusalOf(() => patched(given));
        expect(refusal).toMatchObject({ status: 400, scimType: given.refused });
      }
      expect(given.source).toEqual(before);
    });
  });
}
