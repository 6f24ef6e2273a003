import { describe, expect, test } from 'vitest';
import type { PersonStory } from '@fresh-scim/directory';
import { adviceOf, toStoryText, verdictOf, wantedOf } from './person.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

const ines: PersonStory = {
  key: 'User-1',
  state: 'clean',
  urgency: null,
  generation: 2,
  managed: true,
  failures: 0,
  why: null,
  dueAt: null,
  resource: {
    id: '1',
    generation: 2,
    createdAt: NOW,
    modifiedAt: NOW,
    json: JSON.stringify({ userName: 'ines@acme.example', displayName: 'Ines Barros', active: false }),
  },
  tombstone: undefined,
  observed: {
    remoteId: 21_000_000_005,
    kind: 'requester',
    active: false,
    readAt: NOW,
    values: {},
    echoes: {},
    sentAddresses: [],
    ours: [],
  },
  intent: undefined,
  notes: [],
  timeline: [{ at: NOW, what: 'parked', detail: 'leaver-address-elsewhere: account 7' }],
};

function withState(state: PersonStory['state'], why: string | null = null): PersonStory {
  const observed = ines.observed && { ...ines.observed, active: true };
  return { ...ines, state, why, dueAt: NOW + 240_000, observed };
}

describe('why does Ines still have access?', () => {
  test('she has none', () => {
    expect(verdictOf(ines, NOW)).toBe(
      'In step: Entra wants no access, Freshservice shows requester 21000000005, inactive.',
    );
  });

  test('it is on its way', () => {
    expect(verdictOf(withState('dirty'), NOW)).toMatch(/^On its way: .*, active; it is next in line\.$/);
  });

  test('it is tried again, with the reason and the time', () => {
    expect(verdictOf(withState('deferred', 'freshservice-unavailable'), NOW)).toBe(
      'Being retried (in 4 min): Freshservice answers with errors or not at all.',
    );
  });

  test('it was put aside, and somebody can act', () => {
    const parked = withState('parked', 'owner-of-the-api-key');
    expect(verdictOf(parked, NOW)).toContain('the agent who owns our API key');
    expect(adviceOf(parked)).toContain('connection set-key');
  });

  test('the brake holds it', () => {
    const held = withState('held', 'brake');
    expect(verdictOf(held, NOW)).toContain('the brake held the rest back');
    expect(adviceOf(held)).toContain('approve');
  });

  test('an operator decided to keep the account', () => {
    expect(verdictOf(withState('clean'), NOW)).toContain('rejected');
  });
});

test('a deleted person has the name of the tombstone', () => {
  const deleted = { ...ines, resource: undefined, tombstone: { userName: 'ines@acme.example' } };
  expect(wantedOf(deleted)).toEqual({
    name: 'ines@acme.example',
    userName: 'ines@acme.example',
    isDeleted: true,
    active: false,
  });
});

test('the story tells codes in words, and what they are about', () => {
  const text = toStoryText(ines, NOW);
  expect(text).toContain('Ines Barros <ines@acme.example>');
  expect(text).toContain(
    'put aside (the account is gone, but an address of this person is on another active account; account 7)',
  );
});
