// The schemas as they are published, walked attribute by attribute: what they say of mutability, returned, uniqueness,
// caseExact, required and type is how requests are read, changed, found and answered.

import { describe, expect, test } from 'vitest';
import { discovery } from './discovery.ts';
import { ScimError } from './errors.ts';
import { lookupOf } from './filter/lookup.ts';
import { matchesFilter } from './filter/matches.ts';
import { parseFilter } from './filter/parse.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { parseResource } from './parse-resource.ts';
import { applyPatch } from './patch/apply.ts';
import { parsePatch } from './patch/parse.ts';
import { parseSelection } from './projection.ts';
import { renderSelected } from './render.ts';
import type { Attributes } from './resource.ts';
import type { ResourceTypeName } from './schema/resource-type.ts';
import { CORE_GROUP, CORE_USER, PATCH_MESSAGE } from './urns.ts';
import { toView } from './view.ts';

interface Published {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness: string;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Published[];
}

/** A published attribute or part, where it is, and its path in a PATCH or filter. */
interface Place {
  readonly resource: ResourceTypeName;
  readonly urn: string;
  readonly parent: Published | undefined;
  readonly attribute: Published;
  readonly path: string;
}

const baseUrl = 'https://scim.larkspur.example/scim/v2';
const CORE: { readonly [name in ResourceTypeName]: string } = { User: CORE_USER, Group: CORE_GROUP };

function placesIn(resource: ResourceTypeName): Place[] {
  const { schema, schemaExtensions } = discovery.resourceType(baseUrl, resource) as unknown as {
    schema: string;
    schemaExtensions: { schema: string }[];
  };
  return [schema, ...schemaExtensions.map((extension) => extension.schema)].flatMap((urn) => {
    const { attributes } = discovery.schema(baseUrl, urn) as unknown as { attributes: Published[] };
    return attributes.flatMap((attribute): Place[] => {
      const path = `${urn}:${attribute.name}`;
      const parts = (attribute.subAttributes ?? []).map((part) => ({
        resource,
        urn,
        parent: attribute,
        attribute: part,
        path: `${path}.${part.name}`,
      }));
      return [{ resource, urn, parent: undefined, attribute, path }, ...parts];
    });
  });
}

const places = [...placesIn('User'), ...placesIn('Group')];
const named = (some: readonly Place[]) => some.map((place) => [place.path, place] as const);

/** A value of the attribute, alone or with what it cannot be without. */
function valueOf({ type, multiValued, subAttributes = [] }: Published, text = 'Value'): JsonValue {
  if (type === 'complex') {
    const parts = subAttributes.filter((part) => part.mutability !== 'readOnly');
    const value = Object.fromEntries(parts.map((part) => [part.name, valueOf(part, text)]));
    return multiValued ? [value] : value;
  }
  return type === 'boolean' ? true : text;
}

/** What is sent at the place, inside of the whole body. */
function bodyWith({ resource, urn, parent, attribute }: Place, value: JsonValue): JsonObject {
  const inParent = parent?.multiValued
    ? [{ ...required(parent), [attribute.name]: value }]
    : { [attribute.name]: value };
  const own = parent === undefined ? { [attribute.name]: value } : { [parent.name]: inParent };
  const least = { schemas: [CORE[resource]], userName: 'ines', displayName: 'Tier 2' };
  return urn === CORE[resource] ? { ...least, ...own } : { ...least, [urn]: own };
}

const required = ({ subAttributes = [] }: Published): JsonObject =>
  Object.fromEntries(subAttributes.filter((part) => part.required).map((part) => [part.name, 'Value']));

/** What is stored at the place. */
function storedAt(
  { resource, urn, parent, attribute }: Place,
  attributes: Attributes,
): JsonValue | undefined {
  const holder = (urn === CORE[resource] ? attributes : attributes[urn]) as JsonObject | undefined;
  const own = holder?.[parent?.name ?? attribute.name];
  if (parent === undefined) {
    return own;
  }
  const element = (Array.isArray(own) ? own[0] : own) as JsonObject | undefined;
  return element?.[attribute.name];
}

const least = (resource: ResourceTypeName): Attributes =>
  parseResource(resource, { schemas: [CORE[resource]], userName: 'ines', displayName: 'Tier 2' });

const patched = (
  { resource }: Place,
  operation: JsonObject,
  source: Attributes = least(resource),
): Attributes =>
  applyPatch(resource, source, parsePatch(resource, { schemas: [PATCH_MESSAGE], Operations: [operation] }));

function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof ScimError) {
      return error.scimType;
    }
    throw error;
  }
  return undefined;
}

const isWritable = ({ parent, attribute }: Place): boolean =>
  attribute.mutability !== 'readOnly' && parent?.mutability !== 'readOnly';

test('every attribute says what RFC 7643 §7 wants it to say', () => {
  expect(places.length).toBeGreaterThan(50);
  for (const { attribute } of places) {
    expect(attribute).toMatchObject({
      name: expect.stringMatching(/^[\w$-]+$/),
      type: expect.stringMatching(/^(string|boolean|reference|complex)$/),
      multiValued: expect.any(Boolean),
      description: expect.stringMatching(/./),
      required: expect.any(Boolean),
      caseExact: expect.any(Boolean),
      mutability: expect.stringMatching(/^(readOnly|readWrite|immutable)$/),
      returned: expect.stringMatching(/^(always|default)$/),
      uniqueness: expect.stringMatching(/^(none|server)$/),
    });
    expect(attribute.type === 'complex').toBe(attribute.subAttributes !== undefined);
    expect(attribute.type === 'reference').toBe(attribute.referenceTypes !== undefined);
  }
});

describe('readWrite and immutable: what is sent is stored', () => {
  test.each(named(places.filter(isWritable)))('%s', (_path, place) => {
    const value = valueOf(place.attribute);
    const stored = storedAt(place, parseResource(place.resource, bodyWith(place, value)));
    expect(stored).toEqual(value);
  });
});

describe('readWrite: a PATCH sets it, and takes it away unless it is required', () => {
  const changeable = places.filter(
    (place) => isWritable(place) && place.attribute.mutability === 'readWrite' && !place.parent?.multiValued,
  );

  test.each(named(changeable))('%s', (_path, place) => {
    const value = valueOf(place.attribute);
    const set = patched(place, { op: 'add', path: place.path, value });
    expect(storedAt(place, set)).toEqual(value);
    expect(patched(place, { op: 'replace', path: place.path, value }, set)).toBe(set);
    const remove = () => patched(place, { op: 'remove', path: place.path }, set);
    if (place.attribute.required || place.attribute.name === 'active') {
      expect(refusalOf(remove)).toBe('mutability');
    } else {
      expect(storedAt(place, remove())).toBeUndefined();
    }
  });
});

describe('canonicalValues: an entry of each type can be made', () => {
  const typed = places.filter(
    (place) =>
      place.attribute.name === 'type' && isWritable(place) && place.attribute.mutability === 'readWrite',
  );

  test.each(named(typed))('%s', (_path, place) => {
    const name = `${place.urn}:${place.parent?.name}`;
    const part = place.parent?.subAttributes?.[0]?.name ?? '';
    for (const type of place.attribute.canonicalValues ?? []) {
      const after = patched(place, { op: 'add', path: `${name}[type eq "${type}"].${part}`, value: 'x' });
      expect(after[place.parent?.name ?? '']).toEqual([{ type, [part]: 'x' }]);
    }
  });
});

describe('readOnly: ignored in a body, refused by a PATCH with a path', () => {
  test.each(named(places.filter((place) => !isWritable(place))))('%s', (_path, place) => {
    const body = bodyWith(place, valueOf(place.attribute));
    expect(storedAt(place, parseResource(place.resource, body))).toBeUndefined();
    expect(refusalOf(() => patched(place, { op: 'replace', path: place.path, value: 'x' }))).toBe(
      'mutability',
    );
    expect(refusalOf(() => patched(place, { op: 'remove', path: place.path }))).toBe('mutability');
  });
});

describe('immutable: a PATCH cannot change it', () => {
  test.each(named(places.filter((place) => place.attribute.mutability === 'immutable')))(
    '%s',
    (_path, place) => {
      const inOne = place.path.replace(/\.(\w+)$/, '[value eq "U1"].$1');
      for (const path of [place.path, inOne]) {
        expect(refusalOf(() => patched(place, { op: 'replace', path, value: 'x' }))).toBe('mutability');
        expect(refusalOf(() => patched(place, { op: 'remove', path }))).toBe('mutability');
      }
    },
  );
});

describe('required: refused without it, and only then', () => {
  test.each(named(places.filter((place) => place.parent === undefined)))('%s', (_path, place) => {
    const { [place.attribute.name]: _left, ...rest } = bodyWith(place, valueOf(place.attribute));
    const isRequired = place.attribute.required && place.urn === CORE[place.resource];
    expect(refusalOf(() => parseResource(place.resource, rest))).toBe(
      isRequired ? 'invalidValue' : undefined,
    );
  });
});

describe('type and multiValued: another is refused', () => {
  const strict = places.filter((place) => isWritable(place) && !/:roles|:members|:isAgent/.test(place.path));

  test.each(named(strict))('%s', (_path, place) => {
    const wrong: JsonValue = place.attribute.multiValued || place.attribute.type === 'complex' ? 7 : { a: 1 };
    expect(refusalOf(() => parseResource(place.resource, bodyWith(place, wrong)))).toBe('invalidValue');
  });
});

/** Members and groups lie beside the resource; both have the part `value` of case. */
const beside = {
  members: [{ id: 'Value', type: 'User' }],
  groups: [{ id: 'Value', display: 'Value' }],
} as const;

describe('caseExact: text in another case is found, or not', () => {
  const texts = places.filter(
    ({ attribute, path }) => attribute.type === 'string' && !path.endsWith('.type'),
  );

  test.each(named(texts))('%s', (_path, place) => {
    const attributes = isWritable(place)
      ? parseResource(place.resource, bodyWith(place, 'Value'))
      : least(place.resource);
    const stored = { id: '1', createdAt: 0, modifiedAt: 0, generation: 1, json: JSON.stringify(attributes) };
    const { members: _members, ...own } = attributes;
    const view = toView(place.resource, {
      ...stored,
      json: JSON.stringify(own),
      ...(place.resource === 'User' ? { groups: beside.groups } : { members: beside.members }),
    });
    const isFound = (text: string) =>
      matchesFilter(parseFilter(place.resource, `${place.path} eq "${text}"`), view);
    if (place.path.includes('manager.displayName')) {
      // Read-only, and not told of: it would be out of date.
      expect(isFound('Value')).toBe(false);
      return;
    }
    expect(isFound('Value')).toBe(true);
    expect(isFound('VALUE')).toBe(!place.attribute.caseExact);
  });
});

describe('returned: by default, and not when excluded', () => {
  test.each(named(places.filter((place) => isWritable(place) && place.parent === undefined)))(
    '%s',
    (_path, place) => {
      const attributes = parseResource(place.resource, bodyWith(place, valueOf(place.attribute)));
      const stored = {
        id: '1',
        createdAt: 0,
        modifiedAt: 0,
        generation: 1,
        json: JSON.stringify(attributes),
      };
      const shown = (query: object) =>
        storedAt(
          place,
          renderSelected(place.resource, stored, baseUrl, parseSelection(place.resource, query)),
        );
      expect(shown({})).toEqual(storedAt(place, attributes));
      expect(shown({ attributes: place.path })).toEqual(storedAt(place, attributes));
      expect(shown({ attributes: 'id' })).toBeUndefined();
      expect(shown({ excludedAttributes: place.path })).toBeUndefined();
    },
  );
});

test('uniqueness: what is unique has an index', () => {
  const unique = places.filter((place) => place.attribute.uniqueness === 'server');
  expect(unique.map((place) => place.path)).toEqual([`${CORE_USER}:userName`, `${CORE_GROUP}:displayName`]);
  for (const { resource, path, attribute } of unique) {
    expect(lookupOf(resource, parseFilter(resource, `${path} eq "x"`))).toEqual({
      by: attribute.name,
      value: 'x',
    });
  }
});
