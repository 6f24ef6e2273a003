// A field that the company has added to its people, requesters, agents or both. Its name is the key in `custom_fields`.
import { z } from 'zod';

/** The types that a company may choose from. */
export const CUSTOM_FIELD_TYPES = [
  'custom_text',
  'custom_paragraph',
  'custom_checkbox',
  'custom_number',
  'custom_date',
  'custom_dropdown',
  'custom_phone_number',
] as const;

/** The type of a custom field. */
export type CustomFieldType = (typeof CUSTOM_FIELD_TYPES)[number];

/** Who has the field. */
export const fieldPeopleSchema = z.enum(['all', 'requesters', 'agents']);

/** The stored form, which the state file and the control plane use. */
export const customFieldSchema = z.strictObject({
  id: z.number().int(),
  name: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, 'should be a name in snake_case'),
  label: z.string(),
  type: z.enum(CUSTOM_FIELD_TYPES),
  /** Of a dropdown; empty for other types. */
  choices: z.array(z.string().min(1)),
  /** Whether agents have to fill it in. The API insists on it with the knob `requiredFieldsEnforced`. */
  required_for_agents: z.boolean(),
  people: fieldPeopleSchema.default('all'),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A stored custom field. */
export type CustomField = z.infer<typeof customFieldSchema>;

/** A field as it is before anything was said about it: optional text. */
export function blankCustomField(identity: { id: number; at: string }): CustomField {
  return {
    id: identity.id,
    name: '',
    label: '',
    type: 'custom_text',
    choices: [],
    required_for_agents: false,
    people: 'all',
    created_at: identity.at,
    updated_at: identity.at,
  };
}

/** The fields that people of this kind have. */
export function fieldsOfKind(fields: readonly CustomField[], kind: 'requester' | 'agent'): CustomField[] {
  return fields.filter(({ people }) => people === 'all' || people === `${kind}s`);
}
