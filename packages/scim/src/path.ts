// The path of a PATCH operation (RFC 7644 §3.5.2): attr, attr.sub, attr[filter], attr[filter].sub, each with an optional
// URN before it, or the URN of a schema alone.

import { badRequest, ScimError } from './errors.ts';
import { cursorOver, parseElementFilter, take } from './filter/parse.ts';
import type { Cursor } from './filter/parse.ts';
import type { Filter } from './filter/tree.ts';
import { meaningOf, writtenName } from './schema/reference.ts';
import type { AttributeReference } from './schema/reference.ts';
import type { ResourceType } from './schema/resource-type.ts';
import type { SchemaDefinition } from './schema/schema.ts';

/** What a path points at: a schema as a whole, or an attribute, narrowed by a filter or not. */
export type Path =
  | { readonly kind: 'schema'; readonly schema: SchemaDefinition }
  | {
      readonly kind: 'attribute';
      readonly reference: AttributeReference;
      readonly filter: Filter | undefined;
    };

/** A path in good form that names nothing known: perhaps of another schema, and no reason to refuse what else was sent. */
export class UnknownTarget extends ScimError {}

/**
 * Parses a path.
 * @throws {UnknownTarget} invalidPath for unknown attributes.
 * @throws {ScimError} invalidPath for bad grammar, also a bracket that is not closed; invalidFilter for what stands in them.
 */
export function parsePath(type: ResourceType, text: string): Path {
  const cursor = pathCursor(text);
  const first = take(cursor);
  if (first.kind !== 'word') {
    throw malformed();
  }
  const meaning = meaningOf(type, first.text);
  if (meaning === undefined) {
    throw new UnknownTarget(
      400,
      'invalidPath',
      `The path names ${quotedName(first.text)}, which does not exist here. Correct or remove the attribute mapping.`,
    );
  }
  const next = take(cursor);
  if (next.kind === 'end') {
    return meaning.kind === 'schema' ? meaning : { ...meaning, filter: undefined };
  }
  if (next.kind !== '[' || meaning.kind === 'schema') {
    throw malformed();
  }
  return parseSelection(cursor, meaning.reference);
}

function parseSelection(cursor: Cursor, reference: AttributeReference): Path {
  if (reference.attribute.type !== 'complex' || reference.sub !== undefined) {
    throw badRequest('invalidPath', `${writtenName(reference)} has no parts that "[...]" could select.`);
  }
  if (!cursor.tokens.some((token) => token.kind === ']')) {
    throw malformed();
  }
  const filter = parseElementFilter(cursor, reference);
  const token = take(cursor);
  if (token.kind === 'end') {
    return { kind: 'attribute', reference, filter };
  }
  if (token.kind !== 'word' || !token.text.startsWith('.') || take(cursor).kind !== 'end') {
    throw malformed();
  }
  const sub = reference.attribute.subAttributes.get(token.text.slice(1).toLowerCase());
  if (sub === undefined) {
    throw new UnknownTarget(
      400,
      'invalidPath',
      `The path names ${quotedName(token.text.slice(1))} of ${writtenName(reference)}, which does not exist.`,
    );
  }
  return { kind: 'attribute', reference: { ...reference, sub }, filter };
}

/** Text that is no row of tokens at all is a bad path, not a bad filter. */
function pathCursor(text: string): Cursor {
  try {
    return cursorOver(text);
  } catch (error) {
    throw error instanceof ScimError ? malformed() : error;
  }
}

function malformed(): ScimError {
  return badRequest(
    'invalidPath',
    'The path is not of the form attribute, attribute.part or attribute[filter].part.',
  );
}

const NAME_SHOWN_MAX = 150;

/** The written name if it can only be a name: a path may hold anything, and details must not repeat values. */
function quotedName(written: string): string {
  return written.length <= NAME_SHOWN_MAX && /^[\w.:$-]+$/.test(written) ? `"${written}"` : 'an attribute';
}
