// A department as stored. Names of its people and the workspace are added on the wire.
import { z } from 'zod';

const personId = z.number().int().nullable();

/** The stored form, which the state file and the control plane use. */
export const departmentSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  head_user_id: personId,
  prime_user_id: personId,
  /** Lower case. With the knob `departmentDomains` a new person with such an address belongs here. */
  domains: z.array(z.string()),
  /** Always empty: a simulated account has no custom fields of departments. */
  custom_fields: z.strictObject({}),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A stored department. */
export type Department = z.infer<typeof departmentSchema>;

/** A department as it is before anything was said about it. */
export function blankDepartment(identity: { id: number; at: string }): Department {
  return {
    id: identity.id,
    name: '',
    description: null,
    head_user_id: null,
    prime_user_id: null,
    domains: [],
    custom_fields: {},
    created_at: identity.at,
    updated_at: identity.at,
  };
}
