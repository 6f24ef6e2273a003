// A location as stored: a node of a tree, in which a name may come again under another parent.
import { z } from 'zod';

const text = z.string().nullable();

const addressSchema = z.strictObject({
  line1: text,
  line2: text,
  city: text,
  state: text,
  country: text,
  zipcode: text,
});

/** Where a location is; the country is free text. */
export type Address = z.infer<typeof addressSchema>;

/** The stored form, which the state file and the control plane use. */
export const locationSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  parent_location_id: z.number().int().nullable(),
  primary_contact_id: z.number().int().nullable(),
  contact_name: text,
  email: text,
  phone: text,
  address: addressSchema,
  created_at: z.string(),
  updated_at: z.string(),
});

/** A stored location. */
export type Location = z.infer<typeof locationSchema>;

/** No address. */
export const BLANK_ADDRESS: Address = {
  line1: null,
  line2: null,
  city: null,
  state: null,
  country: null,
  zipcode: null,
};

/** A location as it is before anything was said about it. */
export function blankLocation(identity: { id: number; at: string }): Location {
  return {
    id: identity.id,
    name: '',
    parent_location_id: null,
    primary_contact_id: null,
    contact_name: null,
    email: null,
    phone: null,
    address: BLANK_ADDRESS,
    created_at: identity.at,
    updated_at: identity.at,
  };
}
