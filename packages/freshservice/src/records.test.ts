import { describe, expect, it } from 'vitest';
import { listed, optional, query, wrapped } from './endpoint.ts';
import { agentSchema, parseAgentId, parseRequesterId, requesterSchema, roleSchema } from './records.ts';

const MIRA = {
  id: 21000418006,
  is_agent: false,
  first_name: 'Mira',
  last_name: 'Okafor',
  job_title: 'Analyst',
  primary_email: 'mira.okafor@example.test',
  secondary_emails: ['m@example.test'],
  work_phone_number: '+44 20 7946 0001',
  mobile_phone_number: null,
  department_ids: [21000117801],
  can_see_all_tickets_from_associated_departments: true,
  can_see_all_changes_from_associated_departments: false,
  reporting_manager_id: 21000418010,
  address: null,
  time_zone: 'London',
  time_format: '24h',
  language: 'en',
  location_id: 21000090210,
  background_information: null,
  custom_fields: { cost_centre: 'CC-204' },
  external_id: '5b0f2c1e-1111-4222-8333-9a9a9a9a9a9a',
  active: true,
};

describe('requesterSchema', () => {
  it('keeps a whole record as it is and leaves unknown attributes out', () => {
    const wire = { ...MIRA, vip_user: false, department_names: ['Finance'], a_new_one: { x: 1 } };
    expect(requesterSchema.parse(wire)).toEqual(MIRA);
  });

  it('reads a record that has nothing but an id', () => {
    expect(requesterSchema.parse({ id: 7 })).toEqual({
      ...Object.fromEntries(Object.keys(MIRA).map((name) => [name, null])),
      id: 7,
      is_agent: false,
      active: true,
      secondary_emails: [],
      department_ids: [],
      custom_fields: {},
    });
  });

  it.each([
    ['work_phone_number', 442079460001, '442079460001'],
    ['mobile_phone_number', '', ''],
    ['external_id', 17, '17'],
    ['secondary_emails', '', []],
    ['secondary_emails', null, []],
    ['secondary_emails', ['a@example.test', null, 3], ['a@example.test']],
    ['custom_fields', null, {}],
    ['custom_fields', [], {}],
    ['department_ids', null, []],
    ['department_ids', [1, 'x', 1.5], [1]],
    ['reporting_manager_id', '12', null],
    ['first_name', { a: 1 }, null],
    ['can_see_all_tickets_from_associated_departments', 'true', null],
    ['active', false, false],
    ['active', null, true],
    ['active', 'false', true],
    ['is_agent', true, true],
    ['is_agent', null, false],
  ])('reads %s %j as %j', (name, wire, value) => {
    expect(requesterSchema.parse({ ...MIRA, [name]: wire })).toMatchObject({ [name]: value });
  });

  it.each([undefined, null, 0, -1, 1.5, '21000418006', 2 ** 60])('refuses the id %j', (id) => {
    expect(requesterSchema.safeParse({ ...MIRA, id }).success).toBe(false);
  });
});

describe('agentSchema', () => {
  it('reads roles and drops those without an id', () => {
    const roles = [
      { role_id: 9, assignment_scope: 'entire_helpdesk', groups: [], workspace_id: null },
      { assignment_scope: 'assigned_items' },
      null,
    ];
    const agent = agentSchema.parse({ id: 8, email: 'jonas@example.test', occasional: true, roles });
    expect(agent.roles).toEqual([{ role_id: 9, assignment_scope: 'entire_helpdesk', groups: [] }]);
    expect(agent).toMatchObject({ id: 8, email: 'jonas@example.test', occasional: true, active: true });
    expect(agentSchema.parse({ id: 8, roles: 'none' }).roles).toEqual([]);
  });
});

describe('roleSchema', () => {
  it('reads id, name and type', () => {
    expect(roleSchema.parse({ id: 5, name: 'SD Agent', role_type: 2, scopes: {} })).toEqual({
      id: 5,
      name: 'SD Agent',
      role_type: 2,
    });
  });
});

describe('ids', () => {
  it('are read from numbers and from text', () => {
    expect(parseRequesterId('21000418006')).toBe(21000418006);
    expect(parseAgentId(21000418006)).toBe(21000418006);
  });

  it.each(['', 'x', '1.5', '-3', '0'])('refuses %j', (text) => {
    expect(() => parseRequesterId(text)).toThrow();
    expect(() => parseAgentId(text)).toThrow();
  });
});

describe('envelopes', () => {
  it('unwraps one record', () => {
    const answer = wrapped('requester', requesterSchema);
    expect(answer.parse({ requester: MIRA })).toEqual(MIRA);
    for (const body of [undefined, null, [], {}, { requester: null }, { agent: MIRA }, MIRA]) {
      expect(answer.safeParse(body).success).toBe(false);
    }
  });

  it('unwraps a list, and refuses it whole when one row cannot be read', () => {
    const answer = listed('requesters', requesterSchema);
    expect(answer.parse({ requesters: [] })).toEqual([]);
    expect(answer.parse({ requesters: [MIRA] })).toEqual([MIRA]);
    expect(answer.safeParse({ requesters: [MIRA, { first_name: 'Nobody' }] }).success).toBe(false);
    expect(answer.safeParse({}).success).toBe(false);
  });

  it('reads an optional record', () => {
    const answer = optional(wrapped('requester', requesterSchema));
    expect(answer.parse({ requester: MIRA })).toEqual(MIRA);
    expect(answer.parse(undefined)).toBeUndefined();
    expect(answer.parse({})).toBeUndefined();
  });
});

describe('query', () => {
  it('encodes what an address may hold', () => {
    expect(query({ email: "o'neil+it@example.test" })).toBe("?email=o'neil%2Bit%40example.test");
    expect(query({ page: 2, include_agents: true, none: undefined })).toBe('?page=2&include_agents=true');
    expect(query({ none: undefined })).toBe('');
  });
});
