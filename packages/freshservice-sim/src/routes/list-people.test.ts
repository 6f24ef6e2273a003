import { expect, test } from 'vitest';
import { codesOf, openSubject, type Reply, type Subject } from '../test-support.ts';

function idsOf(reply: Reply): number[] {
  const body = JSON.parse(reply.text) as Record<string, { id: number }[]>;
  return (body['requesters'] ?? body['agents'] ?? []).map(({ id }) => id);
}

async function searched({ call }: Subject, query: string, more = ''): Promise<Reply> {
  return call('GET', `/requesters?query=${encodeURIComponent(query)}${more}`);
}

test('pages are sorted by first name; link names the next one, and is absent on the last', async () => {
  const { call, requester, url } = await openSubject();
  const [c, a, b] = [
    await requester({ first_name: 'Cleo' }),
    await requester({ first_name: 'Ada' }),
    await requester({ first_name: 'bela' }),
  ];
  const first = await call('GET', '/requesters?per_page=1');
  expect(idsOf(first)).toEqual([a]);
  expect(first.headers.get('link')).toBe(`<${url}/api/v2/requesters?per_page=1&page=2>; rel="next"`);
  const middle = await call('GET', '/requesters?per_page=1&page=2');
  expect([idsOf(middle), middle.headers.get('link')]).toEqual([
    [b],
    `<${url}/api/v2/requesters?per_page=1&page=3>; rel="next"`,
  ]);
  const last = await call('GET', '/requesters?per_page=1&page=3');
  expect([idsOf(last), last.headers.get('link')]).toEqual([[c], null]);
  expect(idsOf(await call('GET', '/requesters?page=2'))).toEqual([]);
  await call('PUT', `/requesters/${c}`, { first_name: 'Aaron' });
  expect(idsOf(await call('GET', '/requesters'))).toEqual([c, a, b]);
});

test('a whole walk sees everybody once; 30 a page unless asked', async () => {
  const { call, sim } = await openSubject();
  sim.state.seed({ count: 250, seed: 3 });
  expect(idsOf(await call('GET', '/requesters'))).toHaveLength(30);
  const seen = new Set<number>();
  for (let page = 1; page <= 3; page += 1) {
    for (const id of idsOf(await call('GET', `/requesters?per_page=100&page=${page}`))) seen.add(id);
  }
  expect(seen.size).toBe(250);
});

test.for(['per_page=101', 'per_page=0', 'per_page=x', 'page=0', 'page=-1', 'page=1.5'])(
  '?%s: 400',
  async (query) => {
    const { call } = await openSubject();
    const reply = await call('GET', `/requesters?${query}`);
    expect([reply.status, codesOf(reply)]).toEqual([400, [`${query.split('=')[0]}:invalid_value`]]);
  },
);

test('?email= ignores case, finds the deactivated, and wants its plus encoded', async () => {
  const { call, requester } = await openSubject();
  const id = await requester({ primary_email: 'a+b@example.test' });
  await call('DELETE', `/requesters/${id}`);
  expect(idsOf(await call('GET', '/requesters?email=A%2Bb@example.test'))).toEqual([id]);
  expect(idsOf(await call('GET', '/requesters?email=a+b@example.test'))).toEqual([]);
});

test('emailFilterIncludesInactive false, emailFilterScope primaryAndSecondary', async () => {
  const { call, requester, sim } = await openSubject();
  const id = await requester({ primary_email: 'one@example.test', secondary_emails: ['two@example.test'] });
  expect(idsOf(await call('GET', '/requesters?email=two@example.test'))).toEqual([]);
  sim.configure({ emailFilterScope: 'primaryAndSecondary', emailFilterIncludesInactive: false });
  expect(idsOf(await call('GET', '/requesters?email=two@example.test'))).toEqual([id]);
  await call('DELETE', `/requesters/${id}`);
  expect(idsOf(await call('GET', '/requesters?email=one@example.test'))).toEqual([]);
});

test('phones are filters of their own', async () => {
  const { call, requester } = await openSubject();
  const id = await requester({ work_phone_number: '+44 1', mobile_phone_number: '+44 2' });
  expect(idsOf(await call('GET', '/requesters?work_phone_number=%2B44%201'))).toEqual([id]);
  expect(idsOf(await call('GET', '/requesters?mobile_phone_number=%2B44%202'))).toEqual([id]);
  expect(idsOf(await call('GET', '/requesters?mobile_phone_number=%2B44%201'))).toEqual([]);
});

test('agents are seen among requesters only with include_agents', async () => {
  const { call, agent } = await openSubject();
  const id = await agent({ email: 'agent@example.test' });
  expect(idsOf(await call('GET', '/requesters?email=agent@example.test'))).toEqual([]);
  const reply = await call('GET', '/requesters?email=agent@example.test&include_agents=true');
  expect(reply.json['requesters']).toMatchObject([
    { id, is_agent: true, primary_email: 'agent@example.test', secondary_emails: [] },
  ]);
  expect(idsOf(await call('GET', '/requesters?include_agents=true'))).toContain(id);
  expect((await call('GET', '/requesters?include_agents=yes')).status).toBe(400);
});

test('queries: equality without case, AND, OR, parentheses, starts-with, null, comparisons', async () => {
  const subject = await openSubject({ clock: () => Date.UTC(2026, 4, 5) });
  const { requester } = subject;
  const neil = await requester({
    first_name: 'Maeve',
    last_name: "O'Neil",
    job_title: 'Nurse',
    department_ids: [21_000_117_802],
    custom_fields: { cost_centre: 'CC-9' },
  });
  const okafor = await requester({ first_name: 'Mira', last_name: 'Okafor' });
  for (const [query, ids] of [
    [`"first_name:'mira'"`, [okafor]],
    [String.raw`"last_name:'O\'Neil'"`, [neil]],
    [`"name:'Mira Okafor'"`, [okafor]],
    [`"~[first_name|last_name]:'O'"`, [okafor, neil]],
    [`"first_name:'Mira' OR job_title:'nurse'"`, [okafor, neil]],
    [`"(first_name:'Mira' OR job_title:'nurse') AND last_name:'Okafor'"`, [okafor]],
    [`"job_title:null"`, [okafor]],
    [`"department_id:21000117802"`, [neil]],
    [`"department_id:null"`, [okafor]],
    [`"created_at:>'2026-05-05'"`, [okafor, neil]],
    [`"created_at:<'2026-05-04'"`, []],
    [`"cost_centre:'cc-9'"`, [neil]],
    [`"language:'en' AND time_zone:'London'"`, [okafor, neil]],
  ] as const) {
    expect([query, idsOf(await searched(subject, query))]).toEqual([query, ids]);
  }
});

test.for<[string, string, string]>([
  [`first_name:'x'`, 'query', 'It should be enclosed in double quotes'],
  [`"${'a'.repeat(513)}"`, 'query', 'It should have at most 512 characters'],
  [`"active:'true'"`, 'active', '[:invalid_field]'],
  [`"external_id:'x'"`, 'external_id', '[:invalid_field]'],
  [`"email:'x'"`, 'email', '[:invalid_field]'],
  [`"department_id:'x'"`, 'department_id', '["It should be a/an Positive Integer"]'],
  [`"language:'xx'"`, 'language', '["It should be one of the choice value."]'],
  [`"created_at:'yesterday'"`, 'created_at', '["It should be a/an Date"]'],
  [`"first_name:>'x'"`, 'first_name', '[:invalid_operator]'],
  [`"~[job_title]:'x'"`, 'job_title', '[:invalid_field]'],
])('query %s: 400 on %s', async ([query, field, message]) => {
  const reply = await searched(await openSubject(), query);
  expect(reply.status).toBe(400);
  expect(reply.json['errors']).toEqual([{ field, message, code: 'invalid_value' }]);
});

test('queries: newest first, 30 a page, 40 pages, no link', async () => {
  const subject = await openSubject();
  subject.sim.state.seed({ count: 45, seed: 1 });
  const first = await searched(subject, `"~[primary_email]:'person.'"`);
  expect([idsOf(first).length, first.headers.get('link')]).toEqual([30, null]);
  expect(idsOf(first)).toEqual(idsOf(first).toSorted((a, b) => b - a));
  expect(idsOf(await searched(subject, `"~[primary_email]:'person.'"`, '&page=2'))).toHaveLength(15);
  expect((await searched(subject, `"first_name:'x'"`, '&page=40')).status).toBe(200);
  expect((await searched(subject, `"first_name:'x'"`, '&page=41')).status).toBe(400);
});

test('queries lag behind (three minutes in realism mode), look-ups by address do not', async () => {
  const subject = await openSubject({ indexLagMs: 180_000 });
  const { call, requester, sim } = subject;
  const id = await requester({ primary_email: 'new@example.test' });
  const query = `"primary_email:'new@example.test'"`;
  expect(idsOf(await searched(subject, query))).toEqual([]);
  expect(idsOf(await call('GET', '/requesters?email=new@example.test'))).toEqual([id]);
  sim.advance(179_000);
  expect(idsOf(await searched(subject, query))).toEqual([]);
  sim.advance(1000);
  expect(idsOf(await searched(subject, query))).toEqual([id]);
  await call('DELETE', `/requesters/${id}/forget`);
  expect(idsOf(await searched(subject, query))).toEqual([id]);
  sim.advance(180_000);
  expect(idsOf(await searched(subject, query))).toEqual([]);
});

test('queryIncludesInactive false, queryExternalId true', async () => {
  const subject = await openSubject({ queryExternalId: true });
  const id = await subject.requester({ external_id: 'guid' });
  expect(idsOf(await searched(subject, `"external_id:'guid'"`))).toEqual([id]);
  await subject.call('DELETE', `/requesters/${id}`);
  expect(idsOf(await searched(subject, `"external_id:'guid'"`))).toEqual([id]);
  subject.sim.configure({ queryIncludesInactive: false });
  expect(idsOf(await searched(subject, `"external_id:'guid'"`))).toEqual([]);
});
