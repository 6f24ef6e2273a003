// A stored resource as filters and sorting see it: one object with everything that they can name.

import { isJsonObject } from './json.ts';
import type { ReadonlyJsonObject } from './json.ts';
import { toGroupElement, toMemberElement } from './members.ts';
import { versionOf } from './render.ts';
import type { StoredForm } from './render.ts';
import { schemasOf } from './resource.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceTypeName } from './schema/resource-type.ts';

/** A resource with its schemas, id and meta; without the addresses, which depend on who asks. */
export type ResourceView = ReadonlyJsonObject;

/** The view of a stored resource. `members` and `groups` belong to it when they are given. */
export function toView(type: ResourceTypeName, stored: StoredForm): ResourceView {
  const parsed: unknown = JSON.parse(stored.json);
  const attributes = isJsonObject(parsed) ? parsed : {};
  return {
    ...attributes,
    ...(stored.members ? { members: stored.members.map(toMemberElement) } : {}),
    ...(stored.groups ? { groups: stored.groups.map(toGroupElement) } : {}),
    schemas: schemasOf(resourceTypeOf(type), attributes),
    id: stored.id,
    meta: {
      resourceType: type,
      created: new Date(stored.createdAt).toISOString(),
      lastModified: new Date(stored.modifiedAt).toISOString(),
      version: versionOf(stored.generation),
    },
  };
}
