import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScimError } from '../errors.ts';
import { isJsonObject } from '../json.ts';
import { isText } from '../limits.ts';
import type { JsonValue } from '../json.ts';
import { parseResource } from '../parse-resource.ts';
import type { Attributes } from '../resource.ts';
import {
  conformingOperation,
  conformingUser,
  hostileJson,
  hostileText,
  likelyPath,
} from '../testing/arbitraries.ts';
import { CORE_USER, PATCH_MESSAGE } from '../urns.ts';
import { applyPut } from '../put.ts';
import { applyPatch } from './apply.ts';
import { parsePatch } from './parse.ts';

function patched(attributes: Attributes, operations: readonly unknown[]): Attributes {
  const body = { schemas: [PATCH_MESSAGE], Operations: operations };
  return applyPatch('User', attributes, parsePatch('User', body));
}

/** Makes an attempt to change it in place throw. */
function frozen<T extends JsonValue | Attributes>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** True when the JSON text of it is valid UTF-8 without a NUL, whatever was escaped in the request. */
function isClean(value: JsonValue | Attributes): boolean {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).every(([name, part]) => isClean(name) && isClean(part))
    : typeof value !== 'string' || isText(value);
}

function refusedWith400<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    expect(error).toBeInstanceOf(ScimError);
    expect(error).toMatchObject({ status: 400 });
    return undefined;
  }
}

test('parsing a resource twice gives the same as once', () => {
  fc.assert(
    fc.property(conformingUser, (body) => {
      const once = parseResource('User', body);
      expect(parseResource('User', { schemas: [CORE_USER], ...once })).toEqual(once);
    }),
  );
});

test('a PUT of what is there changes nothing at all, whatever its order; of anything else it is what was sent', () => {
  fc.assert(
    fc.property(conformingUser, conformingUser, (body, other) => {
      const [stored, sent] = [parseResource('User', body), parseResource('User', other)];
      expect(applyPut(stored, Object.fromEntries(Object.entries(stored).toReversed()))).toBe(stored);
      expect(applyPut(stored, sent)).toEqual(sent);
    }),
  );
});

test('the same replace twice equals once, and the second changes nothing at all', () => {
  fc.assert(
    fc.property(conformingUser, conformingOperation('replace'), (body, operation) => {
      const source = parseResource('User', body);
      const once = patched(source, [operation]);
      expect(patched(once, [operation])).toBe(once);
    }),
  );
});

test('all or nothing: what is refused at the end leaves no trace', () => {
  const operation = fc.oneof(conformingOperation('add'), conformingOperation('replace'));
  fc.assert(
    fc.property(conformingUser, fc.array(operation, { maxLength: 4 }), (body, operations) => {
      const source = frozen(parseResource('User', body));
      const before = structuredClone(source);
      const impossible = { op: 'replace', path: 'emails[value eq "nobody at all"].display', value: 'x' };
      expect(() => patched(source, [...operations, impossible])).toThrow(ScimError);
      expect(source).toEqual(before);
    }),
  );
});

test('a patched resource is one that could have been sent whole', () => {
  const operation = fc.oneof(conformingOperation('add'), conformingOperation('replace'));
  fc.assert(
    fc.property(conformingUser, fc.array(operation, { maxLength: 4 }), (body, operations) => {
      const result = patched(frozen(parseResource('User', body)), operations);
      expect(parseResource('User', { schemas: [CORE_USER], ...result })).toEqual(result);
    }),
  );
});

test('any JSON is a resource or refused with 400, and pollutes nothing', () => {
  fc.assert(
    fc.property(hostileJson, (value) => {
      const body = isJsonObject(value) ? { ...value, schemas: [CORE_USER], userName: 'ines' } : value;
      const resource = refusedWith400(() => parseResource('User', body));
      expect(isClean(resource ?? {})).toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(Object.getPrototypeOf(resource ?? {})).toBe(Object.prototype);
    }),
    { numRuns: 1000 },
  );
});

test('any operations are applied or refused with 400, and pollute nothing', () => {
  const operation = fc.oneof(
    hostileJson,
    fc.record(
      { op: fc.constantFrom('Add', 'Replace', 'Remove'), path: hostileText, value: hostileJson },
      { requiredKeys: ['op'] },
    ),
    fc.record(
      { op: fc.constantFrom('add', 'replace', 'remove'), path: likelyPath, value: hostileJson },
      { requiredKeys: ['op'] },
    ),
  );
  const source = frozen(
    parseResource('User', { schemas: [CORE_USER], userName: 'ines', emails: [{ value: 'a@b' }] }),
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 3 }), (operations) => {
      const resource = refusedWith400(() => patched(source, operations));
      expect(isClean(resource ?? {})).toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
