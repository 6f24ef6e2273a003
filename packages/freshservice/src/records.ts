/**
 * The records of Freshservice that we read, on the wire's names. Lenient, because the API adds attributes at any time
 * and differs between endpoints: a missing attribute is null, an attribute of an unexpected type is null, an unknown
 * one is left out. Only an id is demanded: without it a record means nothing.
 */
import { z } from 'zod';

const requesterIdSchema = z.int().positive().brand<'RequesterId'>();
const agentIdSchema = z.int().positive().brand<'AgentId'>();
const roleIdSchema = z.int().positive().brand<'RoleId'>();
/** Text in some answers (documentation: Departments, samples of the MSP edition). */
const departmentIdSchema = z
  .union([z.number(), z.string()])
  .transform(Number)
  .pipe(z.int().positive())
  .brand<'DepartmentId'>();
const locationIdSchema = z.int().positive().brand<'LocationId'>();

/** Freshservice's id of a requester: 10 or 11 digits. */
export type RequesterId = z.infer<typeof requesterIdSchema>;
/** Freshservice's id of an agent. A requester who becomes an agent keeps the number. */
export type AgentId = z.infer<typeof agentIdSchema>;
/** Freshservice's id of an agent role. */
export type RoleId = z.infer<typeof roleIdSchema>;
/** Freshservice's id of a department. */
export type DepartmentId = z.infer<typeof departmentIdSchema>;
/** Freshservice's id of a location. */
export type LocationId = z.infer<typeof locationIdSchema>;

/** @throws {z.ZodError} unless a positive integer, or text that spells one */
export function parseRequesterId(value: number | string): RequesterId {
  return requesterIdSchema.parse(Number(value));
}

/** @throws {z.ZodError} unless a positive integer, or text that spells one */
export function parseAgentId(value: number | string): AgentId {
  return agentIdSchema.parse(Number(value));
}

const anything = z.unknown().optional();
/** Phones are numbers in some answers and text in others (documentation: Requesters; seen in traffic). */
const text = anything.transform((value): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : null;
});
const flag = anything.transform((value): boolean | null => (typeof value === 'boolean' ? value : null));
const number = anything.transform((value): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : null,
);
const numbers = anything.transform((value): readonly number[] =>
  Array.isArray(value) ? value.filter((item): item is number => Number.isSafeInteger(item)) : [],
);
/** One documented answer has "" where others have a list. */
const texts = anything.transform((value): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [],
);
const fields = anything.transform((value): Readonly<Record<string, unknown>> => {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
});
/** Only a stated false is inactive: an attribute that is not there must never prove that a leaver is out. */
const active = anything.transform((value): boolean => value !== false);
const isTrue = anything.transform((value): boolean => value === true);

const person = {
  first_name: text,
  last_name: text,
  job_title: text,
  work_phone_number: text,
  mobile_phone_number: text,
  department_ids: numbers,
  /** Every update that does not send true resets it (documentation: Update a Requester). */
  can_see_all_tickets_from_associated_departments: flag,
  can_see_all_changes_from_associated_departments: flag,
  reporting_manager_id: number,
  address: text,
  time_zone: text,
  time_format: text,
  language: text,
  location_id: number,
  background_information: text,
  custom_fields: fields,
  external_id: text,
  active,
};

/** A requester, or with `include_agents` an agent seen through the requesters' endpoint (`is_agent`). */
export const requesterSchema = z.object({
  ...person,
  id: requesterIdSchema,
  is_agent: isTrue,
  primary_email: text,
  secondary_emails: texts,
});
export type Requester = z.infer<typeof requesterSchema>;

const roleAssignments = anything.transform((value): readonly RoleAssignment[] =>
  (Array.isArray(value) ? value : []).flatMap((item) => {
    const parsed = z
      .object({ role_id: roleIdSchema, assignment_scope: text, groups: numbers })
      .safeParse(item);
    return parsed.success ? [parsed.data] : [];
  }),
);
/** One role of an agent. `groups` has a meaning only with the scope `specified_groups`. */
export interface RoleAssignment {
  readonly role_id: RoleId;
  readonly assignment_scope: string | null;
  readonly groups: readonly number[];
}

export const agentSchema = z.object({
  ...person,
  id: agentIdSchema,
  email: text,
  /** True for a day-pass agent, false for one with a licence. */
  occasional: flag,
  roles: roleAssignments,
});
export type Agent = z.infer<typeof agentSchema>;

export const roleSchema = z.object({
  id: roleIdSchema,
  name: text,
  /** 1 admin, 2 agent (documentation: Roles). */
  role_type: number,
});
export type Role = z.infer<typeof roleSchema>;

/** For what has no meaning without its name: "" when there is none, which no name is equal to. */
const name = text.transform((value): string => value ?? '');

export const departmentSchema = z.object({ id: departmentIdSchema, name });
export type Department = z.infer<typeof departmentSchema>;

export const locationSchema = z.object({
  id: locationIdSchema,
  name,
  /** The location above this one; null at the top of the tree. */
  parent_location_id: number,
});
export type Location = z.infer<typeof locationSchema>;

type Changeable<T> = { -readonly [K in keyof T]?: T[K] | null | undefined };

/** What a POST or PUT on requesters may carry. A PUT changes only what it names; null or [] clears. */
export type RequesterChanges = Readonly<Changeable<Omit<Requester, 'id' | 'is_agent' | 'active'>>>;
/** What a PUT on agents may carry. `roles` replaces the list. */
export type AgentChanges = Readonly<Changeable<Omit<Agent, 'id' | 'active'>>>;
