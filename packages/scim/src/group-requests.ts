// The bodies of requests on groups, which hold up to 100,000 members or 20,000 operations: read in steps.

import { splitMembers } from './members.ts';
import type { SplitGroup } from './members.ts';
import { parseResourceInSteps } from './parse-resource.ts';
import { splitPatch } from './patch/member-changes.ts';
import type { SplitPatch } from './patch/member-changes.ts';
import { parsePatchInSteps } from './patch/parse.ts';
import type { Steps } from './steps.ts';

/** The body of a POST or PUT of a group. @throws {ScimError} see `parseResource` */
export function* readGroup(body: unknown): Steps<SplitGroup> {
  const attributes = yield* parseResourceInSteps('Group', body);
  yield;
  return yield* splitMembers(attributes);
}

/** The body of a PATCH of a group. @throws {ScimError} see `parsePatch` */
export function* readGroupPatch(body: unknown): Steps<SplitPatch> {
  const operations = yield* parsePatchInSteps('Group', body);
  yield;
  return yield* splitPatch(operations);
}
