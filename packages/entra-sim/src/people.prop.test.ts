import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { NAME_LENGTH_MAX } from './naming.ts';
import { PeopleFactory, signInAddressOf } from './people.ts';
import { createRandom } from './random.ts';

const ADDRESS = /^[a-z0-9'+-]+(\.[a-z0-9'+-]+)*@([a-z0-9-]+\.)+example$/;

test('people of any seed have unique ids and UPNs, valid addresses and bounded names, also after renames', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (seed, size) => {
      const factory = new PeopleFactory(createRandom(seed), 'larkspur.example', ['Logistics']);
      const hired = Array.from({ length: size }, () => factory.hire());
      const renamed = hired.filter((_, index) => index % 3 === 0).map((person) => factory.rename(person));
      const members = renamed.filter((person) => !person.userPrincipalName.includes('#EXT#'));
      const everybody = [...hired, ...members];

      expect(new Set(hired.map((person) => person.objectId)).size).toBe(size);
      const upns = everybody.map((person) => person.userPrincipalName.toLowerCase());
      expect(new Set(upns).size).toBe(everybody.length);
      for (const person of [...hired, ...renamed]) {
        expect(signInAddressOf(person)).toMatch(ADDRESS);
        expect(signInAddressOf(person).indexOf('@')).toBeLessThanOrEqual(64);
        expect(person.mail).toMatch(ADDRESS);
        expect(person.objectId).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        for (const name of [person.displayName, person.givenName ?? 'x', person.surname ?? 'x']) {
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThanOrEqual(NAME_LENGTH_MAX);
          expect(name.isWellFormed()).toBe(true);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('the same seed gives the same people, another seed others', () => {
  const hire = (seed: number) => {
    const factory = new PeopleFactory(createRandom(seed), 'larkspur.example', []);
    return Array.from({ length: 50 }, () => factory.hire());
  };
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(hire(seed)).toEqual(hire(seed));
      expect(hire(seed)).not.toEqual(hire(seed ^ 1));
    }),
    { numRuns: 10 },
  );
});
