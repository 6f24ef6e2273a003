// The two resource types and the schemas that each is made of.

import { coreGroup } from './group.ts';
import { enterpriseUser, freshserviceUser } from './extensions.ts';
import type { SchemaDefinition } from './schema.ts';
import { coreUser } from './user.ts';

/** The resource types of RFC 7643 §4 that exist here. */
export type ResourceTypeName = 'User' | 'Group';

/** A resource type: its endpoint, its core schema, its extensions (all optional). */
export interface ResourceType {
  readonly name: ResourceTypeName;
  /** Below the SCIM base URL, with a leading slash. */
  readonly endpoint: string;
  readonly description: string;
  readonly core: SchemaDefinition;
  readonly extensions: readonly SchemaDefinition[];
}

const RESOURCE_TYPES: { readonly [name in ResourceTypeName]: ResourceType } = {
  User: {
    name: 'User',
    endpoint: '/Users',
    description: 'People.',
    core: coreUser,
    extensions: [enterpriseUser, freshserviceUser],
  },
  Group: { name: 'Group', endpoint: '/Groups', description: 'Groups.', core: coreGroup, extensions: [] },
};

/** The definition of a resource type. */
export function resourceTypeOf(name: ResourceTypeName): ResourceType {
  return RESOURCE_TYPES[name];
}

/** The extension with that URN, whatever its case. */
export function extensionOf(type: ResourceType, urn: string): SchemaDefinition | undefined {
  const wanted = urn.toLowerCase();
  return type.extensions.find((extension) => extension.urn.toLowerCase() === wanted);
}
