import type { KnobChanges } from '@fresh-scim/freshservice-sim';
import { describe, expect, it } from 'vitest';
import { until } from '../support/poll.ts';
import { failure, NOW, startAccount } from './freshservice-client-support.ts';

/**
 * What the Freshservice client says of every style of refusal and every fault of a simulated account, and whether what it
 * says about the effect of a write is true: `none` must mean that nothing happened.
 */

const MIRA = { first_name: 'Mira', primary_email: 'mira@example.test' };

describe('a conflict', () => {
  const styles: readonly NonNullable<KnobChanges['conflictStyle']>[] = [
    '409-errors',
    '409-flat',
    '400-duplicate_value',
  ];

  it.each(styles)('in the style %s is a conflict on POST and on PUT', async (conflictStyle) => {
    const { simulator, client } = await startAccount({ conflictStyle });
    await client.requesters.create(MIRA, NOW);
    const other = await client.requesters.create({ ...MIRA, primary_email: 'other@example.test' }, NOW);
    const people = simulator.state.users.size('requesters');
    for (const call of [
      client.requesters.create(MIRA, NOW),
      client.requesters.update(other.id, { primary_email: MIRA.primary_email }, NOW),
    ]) {
      const error = await failure(call);
      expect(error).toMatchObject({ kind: 'conflict', effect: 'none' });
      expect(`${error.message} ${JSON.stringify(error.fields)}`).not.toMatch(/mira/i);
    }
    expect(simulator.state.users.size('requesters')).toBe(people);
  });
});

describe('a refusal', () => {
  it('names field and code', async () => {
    const { client } = await startAccount();
    const error = await failure(client.requesters.create({ primary_email: 'x@example.test' }, NOW));
    expect(error).toMatchObject({ kind: 'invalid', effect: 'none', status: 400, code: 'missing_field' });
    expect(error.fields).toMatchObject([{ field: 'first_name', code: 'missing_field' }]);
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of an attribute is invalid', async () => {
    const { client } = await startAccount({ refusedAttributes: ['external_id'] });
    const error = await failure(client.requesters.create({ ...MIRA, external_id: 'e1' }, NOW));
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_field' });
    expect(error.fields.map(({ field }) => field)).toEqual(['external_id']);
  });

  it.each(['incompatible_field400', 'notFound'] as const)(
    'of an inactive person: %s',
    async (putInactive) => {
      const { client } = await startAccount({ putInactive });
      const { id } = await client.requesters.create(MIRA, NOW);
      await client.requesters.deactivate(id, NOW);
      const error = await failure(client.requesters.update(id, { job_title: 'x' }, NOW));
      expect(error).toMatchObject({
        kind: putInactive === 'notFound' ? 'notFound' : 'invalid',
        effect: 'none',
      });
    },
  );

  it.each(['empty', 'html', 'flat'] as const)('404 with a body %s is notFound', async (notFoundBody) => {
    const { client } = await startAccount({ notFoundBody });
    const { id } = await client.requesters.create(MIRA, NOW);
    await client.requesters.deactivate(id, NOW);
    expect(await failure(client.requesters.deactivate(id, NOW))).toMatchObject({ kind: 'notFound' });
  });

  it('for a revoked key is unauthorized', async () => {
    const { client } = await startAccount({ keyRevoked: true });
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: 'unauthorized', effect: 'none', status: 401 });
  });

  it('for a missing permission is forbidden', async () => {
    const { simulator, client } = await startAccount({}, { apiKey: 'small' });
    simulator.state.setKey('small', ['requesters.view']);
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: 'forbidden', effect: 'none', code: 'access_denied' });
  });
});

describe('429', () => {
  it.each(['message', 'flat_code', 'empty', 'html'] as const)('with a body %s is throttled', async (body) => {
    const { simulator, client } = await startAccount({ rate429Body: body });
    simulator.arm({ kind: '429', retryAfterSeconds: 7 });
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: 'throttled', effect: 'none', status: 429, retryAfterMs: 7000 });
    expect(client.grants[0]).toMatch(/^answered 429 .*"total":\d+.* 7000$/);
  });

  it.each([
    ['missing', undefined],
    ['zero', 0],
    ['large', 1_521_000],
  ] as const)('with Retry-After %s', async (retryAfter, retryAfterMs) => {
    const { simulator, client } = await startAccount({ retryAfter });
    simulator.arm({ kind: '429' });
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: 'throttled', retryAfterMs });
  });
});

describe('a fault', () => {
  /** The fault, what a POST that suffers it is called, what is said of its effect, and whether it took effect. */
  const faults = [
    ['500', 'unavailable', 'unknown', false],
    ['500-after', 'unavailable', 'unknown', true],
    ['502-html', 'unavailable', 'unknown', false],
    ['503', 'unavailable', 'unknown', false],
    ['504-after', 'unavailable', 'unknown', true],
    ['reset-before', 'unavailable', 'unknown', false],
    ['reset-after', 'unavailable', 'unknown', true],
    ['hang-before', 'deadline', 'unknown', false],
    ['hang-after', 'deadline', 'unknown', true],
    ['truncated-json', 'malformed', 'unknown', true],
    ['html-200', 'malformed', 'unknown', false],
    ['slow-body', 'deadline', 'unknown', true],
    ['429', 'throttled', 'none', false],
  ] as const;

  /** Short only where the test waits for it. */
  const deadlineFor = (kind: string) => (kind === 'deadline' ? { deadlineMs: 1_500 } : {});

  it.each(faults)('%s: a write is %s, effect %s', async (kind, expected, effect, tookEffect) => {
    const { simulator, client } = await startAccount({}, deadlineFor(expected));
    simulator.arm({ kind, method: 'POST', ms: 5000 });
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: expected, effect });
    expect(simulator.state.users.size('requesters')).toBe(tookEffect ? 1 : 0);
    expect(simulator.log.counts()).toMatchObject({ calls: 1 });
    expect(client.grants).toHaveLength(1);
    expect(client.grants[0]).toMatch(error.status === undefined ? /^lost$/ : /^answered /);
  });

  it.each(faults)('%s: a read never has an effect', async (kind, expected) => {
    const { client } = await startAccount({ fault: kind }, deadlineFor(expected));
    const error = await failure(client.agents.me(NOW));
    expect(error).toMatchObject({ kind: expected, effect: 'none' });
    const isReset = kind.startsWith('reset');
    expect(client.grants).toHaveLength(isReset ? 3 : 1);
  });

  it('of one socket does not show in a read', async () => {
    const { simulator, client } = await startAccount();
    await client.agents.me(NOW);
    simulator.arm({ kind: 'reset-before' });
    expect(await client.agents.me(NOW)).toMatchObject({ active: true });
    expect(client.grants.map((grant) => grant.split(' ')[0])).toEqual(['answered', 'lost', 'answered']);
  });

  it('of maintenance is unavailable', async () => {
    const { client } = await startAccount({ maintenanceSeconds: 60 });
    const error = await failure(client.requesters.create(MIRA, NOW));
    expect(error).toMatchObject({ kind: 'unavailable', effect: 'unknown', status: 503 });
  });

  it('none, on sockets that the server closes after each answer', async () => {
    const { client } = await startAccount({ connectionClose: true });
    const { id } = await client.requesters.create(MIRA, NOW);
    expect(await client.requesters.update(id, { job_title: 'x' }, NOW)).toMatchObject({ job_title: 'x' });
    expect(await client.requesters.get(id, NOW)).toMatchObject({ id });
  });
});

describe('the deadline', () => {
  it('on each side of the effect cannot be told apart, and is unknown on both', async () => {
    const { simulator, client } = await startAccount({ latencyMs: 4_000 }, { deadlineMs: 1_500 });
    const early = await failure(client.requesters.create(MIRA, NOW));
    expect(early).toMatchObject({ kind: 'deadline', effect: 'unknown' });
    // The write that the client gave up lands all the same: this is why the caller waits, looks, and then decides.
    await until('it to land', () => simulator.state.users.size('requesters') === 1);
  });
});
