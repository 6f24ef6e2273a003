import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { resourceTypeOf } from '../schema/resource-type.ts';
import { PATCH_MESSAGE } from '../urns.ts';
import { conformingOperation, conformingUser } from '../testing/arbitraries.ts';
import { toRfcEnvelope, toRfcOperations, toRfcResource } from './entra.ts';

const user = resourceTypeOf('User');

test('a conforming resource comes back equal', () => {
  fc.assert(
    fc.property(conformingUser, (body) => {
      expect(toRfcResource(user, body)).toEqual({ body, byPath: [] });
    }),
  );
});

test('a conforming PATCH comes back equal', () => {
  const operation = fc.oneof(conformingOperation('add'), conformingOperation('replace'));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 3 }), (operations) => {
      const body = { schemas: [PATCH_MESSAGE], Operations: operations };
      expect(toRfcEnvelope(body)).toEqual(body);
      expect(operations.flatMap((one) => toRfcOperations(user, one))).toEqual(operations);
    }),
  );
});
