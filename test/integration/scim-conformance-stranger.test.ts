/**
 * A client that knows nothing but RFC 7643 and what /ResourceTypes and /Schemas tell, as generic conformance suites are:
 * it fills every attribute that it may write with a value of the published type, and expects to read it back.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Body, openScimApi, PATCH_OP, type TestApi } from '../support/scim-api.ts';

interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

interface Place {
  readonly attribute: Attribute;
  /** The URN of the extension that has the attribute. */
  readonly extension: string | undefined;
}

interface ResourceType {
  readonly name: string;
  readonly endpoint: string;
  readonly core: string;
  readonly places: readonly Place[];
}

/** Not required, and yet nobody may lose it: a leaver without it would count as active again. */
const KEPT = new Set(['active']);

let api: TestApi;
beforeAll(async () => {
  api = await openScimApi();
});
afterAll(() => api.close());

async function discover(name: string): Promise<ResourceType> {
  const type = (await api.call('GET', `/ResourceTypes/${name}`)).body;
  const core = String(type['schema']);
  const extensions = (type['schemaExtensions'] as { schema: string }[]).map(({ schema }) => schema);
  const places: Place[] = [];
  for (const urn of [core, ...extensions]) {
    const attributes = (await api.call('GET', `/Schemas/${urn}`)).body['attributes'] as Attribute[];
    const extension = urn === core ? undefined : urn;
    places.push(...attributes.map((attribute) => ({ attribute, extension })));
  }
  return { name, endpoint: String(type['endpoint']), core, places };
}

const isWritable = ({ mutability }: Attribute): boolean => mutability !== 'readOnly';
const pathOf = ({ attribute, extension }: Place): string =>
  extension === undefined ? attribute.name : `${extension}:${attribute.name}`;

const isKept = (place: Place): boolean => place.attribute.required || KEPT.has(pathOf(place));

function valueIn(resource: Record<string, unknown>, { attribute, extension }: Place): unknown {
  const holder = extension === undefined ? resource : resource[extension];
  return (holder as Record<string, unknown> | undefined)?.[attribute.name];
}

/** A value of the published type; of a list, a list of one. */
async function anyValue(attribute: Attribute): Promise<unknown> {
  const one = await anyOne(attribute);
  return attribute.multiValued ? [one] : one;
}

async function anyOne({ type, subAttributes = [], ...attribute }: Attribute): Promise<unknown> {
  if (type === 'boolean') return false;
  if (type === 'reference') return `https://${randomUUID()}.example/`;
  if (type !== 'complex') return attribute.canonicalValues?.[0] ?? randomUUID();
  const parts: Record<string, unknown> = {};
  for (const part of subAttributes.filter(isWritable)) parts[part.name] = await anyOne(part);
  const reference = subAttributes.find(({ name }) => name === '$ref');
  if (!reference || !isWritable(reference)) return parts;
  // What refers to a resource has to refer to one: the address is sent, and the id is its end.
  const user = await api.create();
  return { ...parts, $ref: user.meta.location, value: user.id };
}

/** A body with values for the attributes that `wanted` chooses. */
async function bodyOf(type: ResourceType, wanted: (attribute: Attribute) => boolean): Promise<object> {
  const body: Record<string, unknown> = {};
  for (const { attribute, extension } of type.places) {
    if (!isWritable(attribute) || !wanted(attribute)) continue;
    const value = await anyValue(attribute);
    if (extension === undefined) body[attribute.name] = value;
    else body[extension] = { ...(body[extension] as object), [attribute.name]: value };
  }
  const extensions = Object.keys(body).filter((key) => key.startsWith('urn:'));
  return { schemas: [type.core, ...extensions], ...body };
}

async function createFrom(type: ResourceType, body: object): Promise<Body> {
  const { status, body: created } = await api.call('POST', type.endpoint, body);
  expect(status).toBe(201);
  return created;
}

/** Answers the resource as it is read afterwards; an answer with a body must say the same. */
async function patched(type: ResourceType, id: string, operation: object): Promise<[Answer, Body]> {
  const at = `${type.endpoint}/${id}`;
  const answer = await api.call('PATCH', at, { schemas: [PATCH_OP], Operations: [operation] });
  const { body } = await api.call('GET', at);
  if (answer.status === 200) expect(answer.body).toEqual(body);
  return [answer, body];
}

describe.each(['User', 'Group'])('a stranger finds of %s', (name) => {
  let type: ResourceType;
  let writable: readonly Place[];
  beforeAll(async () => {
    type = await discover(name);
    writable = type.places.filter(({ attribute }) => isWritable(attribute));
    expect(writable.length).toBeGreaterThan(1);
  });

  it('that what is created whole is answered, found and listed whole', async () => {
    const body = await bodyOf(type, () => true);
    const created = await createFrom(type, body);
    expect(created).toMatchObject({ ...body, schemas: expect.arrayContaining([type.core]) });
    expect((await api.call('GET', `${type.endpoint}/${created.id}`)).body).toEqual(created);
    const found = await api.find(type.endpoint, `id eq "${created.id}"`);
    expect(found).toMatchObject({ totalResults: 1, startIndex: 1, itemsPerPage: 1, Resources: [created] });
  });

  it('that every attribute can be added and replaced by its path', async () => {
    const { id } = await createFrom(type, await bodyOf(type, ({ required }) => required));
    for (const op of ['add', 'replace']) {
      for (const place of writable) {
        const value = await anyValue(place.attribute);
        const [, now] = await patched(type, id, { op, path: pathOf(place), value });
        const list = valueIn(now, place);
        const isAdded = op === 'add' && place.attribute.multiValued;
        expect([pathOf(place), isAdded ? (list as unknown[]).slice(-1) : list]).toEqual([
          pathOf(place),
          value,
        ]);
      }
    }
  });

  it('that every attribute can be removed that is not required, and nothing else goes with it', async () => {
    const created = await createFrom(type, await bodyOf(type, () => true));
    let before = created;
    for (const place of writable) {
      const path = pathOf(place);
      const [{ status, body }, now] = await patched(type, created.id, { op: 'remove', path });
      if (isKept(place)) {
        expect([path, status, body['scimType']]).toEqual([path, 400, 'mutability']);
        expect(now).toEqual(before);
      } else {
        expect([path, status < 300, valueIn(now, place)]).toEqual([path, true, undefined]);
        const others = writable.filter((other) => other !== place);
        expect(others.map((other) => valueIn(now, other))).toEqual(
          others.map((other) => valueIn(before, other)),
        );
      }
      before = now;
    }
  });

  it('that a PUT replaces what is sent and clears what is not', async () => {
    const { id } = await createFrom(type, await bodyOf(type, () => true));
    const lean = await bodyOf(type, ({ required }) => required);
    const put = await api.call('PUT', `${type.endpoint}/${id}`, lean);
    expect(put).toMatchObject({ status: 200, body: lean });
    expect(writable.filter((place) => valueIn(put.body, place) !== undefined)).toEqual(
      writable.filter(isKept),
    );
    const full = await bodyOf(type, () => true);
    expect((await api.call('PUT', `${type.endpoint}/${id}`, full)).body).toMatchObject({
      ...full,
      schemas: expect.arrayContaining([type.core]),
    });
  });

  it('that each attribute can be asked for alone, and left out alone', async () => {
    const created = await createFrom(type, await bodyOf(type, () => true));
    for (const place of writable) {
      const path = pathOf(place);
      const at = `${type.endpoint}/${created.id}`;
      const alone = (await api.call('GET', `${at}?attributes=${path}`)).body;
      const top = place.extension ?? place.attribute.name;
      expect(Object.keys(alone).toSorted()).toEqual(['id', 'schemas', top].toSorted());
      expect(valueIn(alone, place)).toEqual(valueIn(created, place));
      const without = (await api.call('GET', `${at}?excludedAttributes=${path}`)).body;
      expect([path, valueIn(without, place)]).toEqual([path, undefined]);
    }
  });
});
