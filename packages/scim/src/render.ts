// A stored resource -> the body of an answer. The whole resource is joined as text and its JSON never parsed: most
// requests are reads, and this is nearly all the work of one.

import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { toGroupElement, toMemberElement } from './members.ts';
import type { Member, Membership } from './members.ts';
import { project } from './projection.ts';
import type { Selection } from './projection.ts';
import { resourceTypeOf } from './schema/resource-type.ts';
import type { ResourceTypeName } from './schema/resource-type.ts';

/**
 * A resource as the store holds it: times in epoch milliseconds, `json` the text of its `Attributes`. `members` of a
 * group and `groups` of a user lie beside it and are answered when they are given.
 */
export interface StoredForm {
  readonly id: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly generation: number;
  readonly json: string;
  readonly members?: readonly Member[];
  readonly groups?: readonly Membership[];
}

/** The entity tag of a generation, weak (RFC 7644 §3.14): `W/"7"`. */
export function versionOf(generation: number): string {
  return `W/"${generation}"`;
}

/** The address of a resource. `baseUrl` is that of the SCIM endpoint, without a slash at its end. */
export function locationOf(type: ResourceTypeName, id: string, baseUrl: string): string {
  return `${baseUrl}${resourceTypeOf(type).endpoint}/${encodeURIComponent(id)}`;
}

/** The whole resource as JSON text: schemas, id, attributes, meta. */
export function renderStored(type: ResourceTypeName, stored: StoredForm, baseUrl: string): string {
  const attributes = stored.json.slice(1, -1);
  const parts = [
    `"schemas":${JSON.stringify(schemasIn(type, stored.json))}`,
    `"id":${JSON.stringify(stored.id)}`,
    ...(attributes === '' ? [] : [attributes]),
    ...besides(stored, baseUrl),
    `"meta":${JSON.stringify(metaOf(type, stored, baseUrl))}`,
  ];
  return `{${parts.join(',')}}`;
}

/** The selected part of the resource; `schemas` and `id` always belong to it. */
export function renderSelected(
  type: ResourceTypeName,
  stored: StoredForm,
  baseUrl: string,
  selection: Selection,
): JsonObject {
  const whole: unknown = JSON.parse(renderStored(type, stored, baseUrl));
  return isJsonObject(whole) ? project(whole, selection) : {};
}

/** The lists that are not in the stored text; one without an element is left out, as any attribute without a value. */
function besides({ members = [], groups = [] }: StoredForm, baseUrl: string): string[] {
  const memberElements = members.map((member) =>
    JSON.stringify({ ...toMemberElement(member), $ref: locationOf(member.type, member.id, baseUrl) }),
  );
  const groupElements = groups.map((group) =>
    JSON.stringify({ ...toGroupElement(group), $ref: locationOf('Group', group.id, baseUrl) }),
  );
  return [
    ...(members.length > 0 ? [`"members":[${memberElements.join(',')}]`] : []),
    ...(groups.length > 0 ? [`"groups":[${groupElements.join(',')}]`] : []),
  ];
}

function metaOf(type: ResourceTypeName, stored: StoredForm, baseUrl: string): JsonObject {
  return {
    resourceType: type,
    created: new Date(stored.createdAt).toISOString(),
    lastModified: new Date(stored.modifiedAt).toISOString(),
    location: locationOf(type, stored.id, baseUrl),
    version: versionOf(stored.generation),
  };
}

/**
 * The schemas with data, by looking for the extension's key. `User":{` cannot be inside of a string: there the quote
 * has a backslash before it.
 */
function schemasIn(type: ResourceTypeName, json: string): string[] {
  const { core, extensions } = resourceTypeOf(type);
  const used = extensions.filter((extension) => json.includes(`"${extension.urn}":{`));
  return [core.urn, ...used.map((extension) => extension.urn)];
}
