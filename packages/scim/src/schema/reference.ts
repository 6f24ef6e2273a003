// From a written attribute name to the attribute it means: `name.givenName`, `urn:...:enterprise:2.0:User:manager.value`.
// A URN holds dots (`2.0`), so known schema URNs are taken off first and the dot is looked for in what is left.

import { isJsonObject, member } from '../json.ts';
import type { JsonValue, ReadonlyJsonObject } from '../json.ts';
import { keyOf } from './attribute.ts';
import type { AttributeDefinition } from './attribute.ts';
import type { ResourceType } from './resource-type.ts';
import { attributeOf } from './schema.ts';
import type { SchemaDefinition } from './schema.ts';

/** An attribute, possibly one of its sub-attributes, and where in a resource it lies. */
export interface AttributeReference {
  /** The URN of the extension that holds it; undefined for the core schema. */
  readonly extension: string | undefined;
  readonly attribute: AttributeDefinition;
  readonly sub: AttributeDefinition | undefined;
}

/** What a name can mean: a whole schema, or an attribute of one. */
export type Meaning =
  | { readonly kind: 'schema'; readonly schema: SchemaDefinition }
  | { readonly kind: 'attribute'; readonly reference: AttributeReference };

/**
 * What the written name means, or undefined if nothing. A bare name is looked for in the core schema, then among the
 * declared attributes of the extensions: Entra sends "manager" alone, RFC 7644 §3.10 wants the URN before it.
 */
export function meaningOf(type: ResourceType, written: string): Meaning | undefined {
  const lower = written.toLowerCase();
  for (const schema of [type.core, ...type.extensions]) {
    const urn = schema.urn.toLowerCase();
    if (lower === urn) {
      return { kind: 'schema', schema };
    }
    if (lower.startsWith(`${urn}:`)) {
      return referenceIn(type, schema, written.slice(urn.length + 1));
    }
  }
  const [name] = atFirstDot(written);
  const home = [type.core, ...type.extensions].find((schema) => schema.attributes.has(name.toLowerCase()));
  return home === undefined ? undefined : referenceIn(type, home, written);
}

function referenceIn(type: ResourceType, schema: SchemaDefinition, written: string): Meaning | undefined {
  const [name, subName] = atFirstDot(written);
  const attribute = attributeOf(schema, name);
  const sub = subName === undefined ? undefined : attribute?.subAttributes.get(subName.toLowerCase());
  if (attribute === undefined || (subName !== undefined && sub === undefined)) {
    return undefined;
  }
  const extension = schema === type.core ? undefined : schema.urn;
  return { kind: 'attribute', reference: { extension, attribute, sub } };
}

function atFirstDot(written: string): [string, string | undefined] {
  const dot = written.indexOf('.');
  return dot < 0 ? [written, undefined] : [written.slice(0, dot), written.slice(dot + 1)];
}

/** The name in the schema's case, with its URN if it belongs to an extension. */
export function writtenName(reference: AttributeReference): string {
  const prefix = reference.extension === undefined ? '' : `${reference.extension}:`;
  const suffix = reference.sub === undefined ? '' : `.${reference.sub.name}`;
  return `${prefix}${reference.attribute.name}${suffix}`;
}

/** The attribute's value in a resource, its sub-attribute not considered; undefined if it has none. */
export function valueAt(resource: ReadonlyJsonObject, reference: AttributeReference): JsonValue | undefined {
  const holder = reference.extension === undefined ? resource : member(resource, reference.extension);
  return isJsonObject(holder) ? member(holder, keyOf(holder, reference.attribute)) : undefined;
}
