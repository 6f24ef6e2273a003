/** The values by which a user is found. */
import { describe, expect, test } from 'vitest';
import { indexed, indexValue } from './indexed.ts';

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

  test('names twenty of them at most', () => {
    const many = Array.from({ length: 50 }, (_, index) => `a${index}@home.example`);
    const { otherEmails } = indexed({ userName: 'ines', emails: emails(...many) });
    expect(otherEmails.split('\n')).toEqual(many.slice(0, 20));
  });
});
