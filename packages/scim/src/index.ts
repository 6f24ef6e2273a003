// The SCIM 2.0 protocol as pure functions: no network, no store, no clock.

export { discovery } from './discovery.ts';
export { ScimError } from './errors.ts';
export type { ScimType } from './errors.ts';
export { lookupOf } from './filter/lookup.ts';
export type { Lookup } from './filter/lookup.ts';
export { matchesFilter } from './filter/matches.ts';
export type { ResourceView } from './filter/matches.ts';
export { parseFilter } from './filter/parse.ts';
export { printFilter } from './filter/print.ts';
export type { Filter } from './filter/tree.ts';
export type { JsonObject, JsonValue } from './json.ts';
export { COUNT_MAX, listResponse, parseListQuery } from './list.ts';
export type { ListParts, ListQuery } from './list.ts';
export { parseResource } from './parse-resource.ts';
export { applyPatch } from './patch/apply.ts';
export type { PatchOperation } from './patch/operation.ts';
export { parsePatch } from './patch/parse.ts';
export { parseSelection } from './projection.ts';
export type { Selection } from './projection.ts';
export { locationOf, renderSelected, renderStored, versionOf } from './render.ts';
export type { StoredForm } from './render.ts';
export { displayWordsOf, externalIdOf, isActive, userNameOf, workEmailOf } from './resource.ts';
export type { Attributes } from './resource.ts';
export type { ResourceTypeName } from './schema/resource-type.ts';
export { CORE_GROUP, CORE_USER, ENTERPRISE_USER, FRESHSERVICE_USER, SCIM_CONTENT_TYPE } from './urns.ts';
