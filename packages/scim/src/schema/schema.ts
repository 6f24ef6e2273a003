// A schema is a URN with attributes; an open one also keeps text attributes that it does not declare.

import { openAttribute } from './attribute.ts';
import type { AttributeDefinition, AttributeSet } from './attribute.ts';

/** A schema as RFC 7643 §7 knows it, and whether undeclared text attributes are kept. */
export interface SchemaDefinition {
  readonly urn: string;
  readonly name: string;
  readonly description: string;
  readonly open: boolean;
  readonly attributes: AttributeSet;
}

/** The attribute of that name, whatever its case; undefined when the schema has none and keeps none. */
export function attributeOf(schema: SchemaDefinition, name: string): AttributeDefinition | undefined {
  return schema.attributes.get(name.toLowerCase()) ?? (schema.open ? openAttribute(name) : undefined);
}
