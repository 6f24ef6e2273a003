/** The values by which a user is found. */
import { describe, expect, test } from 'vitest';
import { indexed, indexValue, isFoundBySame } from './indexed.ts';

describe('indexValue', () => {
  test('keeps a value of 256 characters and stands a digest in for a longer one', () => {
    expect(indexValue('x'.repeat(256))).toBe('x'.repeat(256));
    expect(indexValue('x'.repeat(257))).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(indexValue('x'.repeat(257))).not.toBe(indexValue('x'.repeat(258)));
    expect(indexValue('two\nlines')).toMatch(/^sha256:/);
  });
});

describe('indexed', () => {
  const emails = (...addresses: string[]) => addresses.map((value) => ({ type: 'home', value }));

  test('names every other address once, without case', () => {
    const user = {
      userName: 'Ines@larkspur.example',
      emails: [
        { type: 'work', value: 'I.Okafor@larkspur.example' },
        ...emails(
          'INES@larkspur.example',
          'ines@home.example',
          'Ines@Home.example',
          'i.okafor@larkspur.example',
        ),
      ],
    };
    expect(indexed(user)).toMatchObject({
      userName: 'ines@larkspur.example',
      workEmail: 'i.okafor@larkspur.example',
      otherEmails: 'ines@home.example',
    });
  });

  test('names as many as a person may have', () => {
    const many = Array.from({ length: 200 }, (_, index) => `a${index}@home.example`);
    const { otherEmails } = indexed({ userName: 'ines', emails: emails(...many) });
    expect(otherEmails.split('\n')).toEqual(many);
  });
});

describe('isFoundBySame', () => {
  const ines = {
    userName: 'ines@larkspur.example',
    externalId: 'a1',
    displayName: 'Ines Okafor',
    name: { givenName: 'Ines' },
    emails: [{ type: 'work', value: 'ines@larkspur.example' }],
    nickName: 'Nes',
    title: 'Engineer',
    active: true,
    phoneNumbers: [{ type: 'work', value: '1' }],
    addresses: [{ type: 'work', formatted: 'Lisboa' }],
  };
  const other = {
    userName: 'rui@larkspur.example',
    externalId: 'b2',
    displayName: 'Rui',
    name: { familyName: 'Costa' },
    emails: [{ type: 'work', value: 'rui@larkspur.example' }],
    nickName: 'Ru',
    title: 'Director',
    active: false,
    phoneNumbers: [{ type: 'work', value: '2' }],
    addresses: [{ type: 'work', formatted: 'Porto' }],
  };

  test.each(Object.entries(other))('%s changes it exactly where it changes the indexes', (name, value) => {
    const after = { ...ines, [name]: value };
    const isSame = JSON.stringify(indexed(after)) === JSON.stringify(indexed(ines));
    expect(isFoundBySame(ines, after)).toBe(isSame);
  });

  test('nobody is found by the same as nobody', () => {
    expect(isFoundBySame(undefined, ines)).toBe(false);
    expect(isFoundBySame(ines, undefined)).toBe(false);
  });
});
